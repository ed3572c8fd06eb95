import { type Command, onlyWords } from '../command.ts'

export const setup: Command = {
  usage: 'setup',
  does: 'Install what building and testing need on this machine',
  more: 'The script b2p does it before it hands over, so that every other verb finds what it needs.',
  examples: ['./b2p setup'],
  async run(words) {
    onlyWords(setup, words, 0)
    console.log('All that is needed is here.')
  },
}
