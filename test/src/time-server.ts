import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** Seconds from 1900, where NTP begins, to 1970. */
const ERA = 2_208_988_800

/** A time server (RFC 5905, mode 4) on a port of the host's loopback, which a machine reaches as 10.0.2.2. Its time is the host's. */
export async function timeServer() {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    socket.send(reply(question, Date.now() / 1000), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  return {
    server: `10.0.2.2:${port}`,
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function reply(question: Buffer, now: number): Buffer {
  const answer = Buffer.alloc(48)
  // Version 4, a server; of the first stratum, so named by what it is in step with; as precise as its milliseconds.
  answer.writeUInt8((4 << 3) | 4, 0)
  answer.writeUInt8(1, 1)
  answer.writeInt8(-10, 3)
  answer.write('LOCL', 12, 'latin1')
  writeTime(answer, now, 16)
  // The time that the asker sent it at is how he knows his answer.
  question.copy(answer, 24, 40, 48)
  writeTime(answer, now, 32)
  writeTime(answer, now, 40)
  return answer
}

function writeTime(packet: Buffer, seconds: number, offset: number): void {
  packet.writeUInt32BE((Math.floor(seconds) + ERA) % 2 ** 32, offset)
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), offset + 4)
}
