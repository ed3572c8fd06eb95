export { type Bind, enter, type Visit } from './enter.ts'
export { openLayer } from './layer.ts'
export { asRoot } from './namespace.ts'
export { type WorkFolder, workFolder } from './work.ts'
