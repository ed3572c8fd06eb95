import { Problem, type Trouble } from '@boot2podman/kit'
import { type FlavourFile, mergeFlavours, type Repository, readFlavourFiles } from '@boot2podman/tcz'
import { Ajv, type ErrorObject } from 'ajv'
import schema from '../iso.schema.json' with { type: 'json' }

/** What an `iso/NAME.json` says, with what it extends; its form is iso.schema.json. Parts are names of packages. */
export interface Flavour {
  label: string
  kernel: string
  initramfs: string
  bootloader: string
  /** What onboot.lst names, in its order. */
  extensions: string[]
  /** The kernel's command line. */
  append: string
}

const validate = new Ajv({ allErrors: true }).compile<Partial<Flavour>>(schema)

/** Reads the flavour of this name. Throws a Problem with every mistake and its line. */
export function readFlavour(root: string, name: string, packages: Repository): Flavour {
  return joinFlavour(readFlavourFiles(root, name), packages)
}

/** The files of a flavour as a value. Throws a Problem with every mistake of each, unknown packages too. */
export function joinFlavour(files: readonly FlavourFile[], packages: Repository): Flavour {
  const troubles = files.flatMap(({ value, at }) =>
    validate(value)
      ? unknownPackages(value, packages).map(({ path, ...trouble }) => ({ where: at(path), ...trouble }))
      : (validate.errors ?? [])
          // It says only that "then" or "else" was not kept, which those have said.
          .filter(({ keyword }) => keyword !== 'if')
          .map((error) => ({ where: at(place(error)), ...explain(error) })),
  )
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  // The first stands by itself, and so has all that its schema requires.
  return mergeFlavours(files) as unknown as Flavour
}

function place({ instancePath, keyword, params }: ErrorObject): (string | number)[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return keyword === 'additionalProperties' ? [...path, String(params.additionalProperty)] : path
}

function explain({ keyword, params, instancePath, message }: ErrorObject): Omit<Trouble, 'where'> {
  const field = instancePath.slice(1).replaceAll('/', '.') || 'the file'
  switch (keyword) {
    case 'additionalProperties':
      return {
        what: `"${params.additionalProperty}" is not known here`,
        fix: `known: ${Object.keys(schema.properties).join(', ')}`,
      }
    case 'required':
      return { what: `"${params.missingProperty}" is missing` }
    case 'const':
      return { what: `"${field}" must be "${params.allowedValue}"` }
    default:
      return { what: `"${field}" ${message}` }
  }
}

function unknownPackages(flavour: Partial<Flavour>, packages: Repository) {
  const { kernel, initramfs, bootloader, extensions = [] } = flavour
  const named = Object.entries({ kernel, initramfs, bootloader }).map(([key, name]) => ({
    name,
    path: [key],
  }))
  const listed = extensions.map((name, index) => ({ name, path: ['extensions', index] }))
  return [...named, ...listed]
    .filter(({ name }) => name !== undefined && !packages.has(name))
    .map(({ name, path }) => ({
      path,
      what: `there is no package "${name}"`,
      fix: `to make one: ./b2p new ${name}`,
    }))
}
