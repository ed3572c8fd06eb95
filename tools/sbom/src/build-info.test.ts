import { expect, test } from 'vitest'
import { readModules } from './build-info.ts'

/** As the linker lays it out: 32 bytes of header, the version of Go, the framed text. */
function program(text: string, flags = 2): Buffer {
  const string = (value: string) => {
    const size = value.length
    const length = size < 128 ? [size] : [(size & 0x7f) | 0x80, size >> 7]
    return Buffer.concat([Buffer.from(length), Buffer.from(value)])
  }
  const header = Buffer.concat([Buffer.from('\xff Go buildinf:', 'latin1'), Buffer.from([8, flags])])
  const frame = '0123456789abcdef'
  return Buffer.concat([
    Buffer.from('ELF and more'),
    Buffer.concat([header, Buffer.alloc(32 - header.length)]),
    string('go1.26.1'),
    string(`${frame}${text}${frame}`),
    Buffer.from('the rest'),
  ])
}

const TEXT = `path\tgithub.com/one/tool
mod\tgithub.com/one/tool\tv1.2.0\t
dep\tgithub.com/two/library/v3\tv3.1.4\t
dep\tgolang.org/x/sys\tv0.30.0\t
build\t-buildmode=exe
`

test('the modules of a program, itself first', () => {
  expect(readModules(program(TEXT))).toEqual([
    { path: 'github.com/one/tool', version: 'v1.2.0' },
    { path: 'github.com/two/library/v3', version: 'v3.1.4' },
    { path: 'golang.org/x/sys', version: 'v0.30.0' },
  ])
})

test("a recipe's own module has no version, and is none that somebody could look up", () => {
  expect(readModules(program('mod\tboot2podman.local/podman\t(devel)\t\n'))).toEqual([])
})

test('what is no Go program has none', () => {
  expect(readModules(Buffer.from('#!/bin/sh\n'))).toEqual([])
  expect(readModules(program(TEXT, 0))).toEqual([])
  expect(readModules(Buffer.from('\xff Go buildinf:', 'latin1'))).toEqual([])
})
