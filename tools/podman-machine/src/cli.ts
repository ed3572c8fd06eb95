#!/usr/bin/env node
import { podmanMachine } from './index.ts'

await podmanMachine(process.argv.slice(2))
