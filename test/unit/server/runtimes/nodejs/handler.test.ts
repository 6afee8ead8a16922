/** A handler is found in whatever way its file exports it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { loadHandler } from '../../../../../server/runtimes/nodejs/handler.ts'

const cases: Record<string, { files: Record<string, string>; handler: string }> = {
  'module.exports of CommonJS': { files: { 'a.js': 'module.exports = () => 1' }, handler: 'a.js' },
  'export default of an ES module': { files: { 'a.mjs': 'export default () => 1' }, handler: './a.mjs' },
  'export default in a .js file': { files: { 'a.js': 'export default () => 1' }, handler: './a.js' },
  'a module with a top-level await': {
    files: { 'a.mjs': 'const one = await Promise.resolve(1)\nexport default () => one' },
    handler: 'a.mjs',
  },
  'an ES module transpiled to CommonJS': {
    files: { 'a.js': 'exports.__esModule = true; exports.default = () => 1' },
    handler: 'a.js',
  },
  'a file in a directory, without its ending': {
    files: { 'lib/a.js': 'module.exports = () => 1' },
    handler: './lib/a',
  },
  'the only .js file': { files: { 'a.js': 'module.exports = () => 1', 'data.json': '{}' }, handler: '' },
  'the only .ts file': { files: { 'a.ts': 'export default (): number => 1', 'a.d.ts': '' }, handler: '' },
  'JavaScript beside the TypeScript that it was made from': {
    files: { 'a.js': 'module.exports = () => 1', 'a.ts': 'export default () => 2' },
    handler: '',
  },
  'module.exports in a .ts file': {
    files: {
      'a.ts': 'const one: number = require("./b.ts").one; module.exports = (): number => one',
      'b.ts': 'exports.one = 1 as number',
    },
    handler: './a.ts',
  },
  'TypeScript, without its ending': { files: { 'lib/a.ts': 'export default (): number => 1' }, handler: 'lib/a' },
  'TypeScript that imports as TypeScript does': {
    files: {
      'a.ts':
        'import { b } from "./b.js"\nimport { c } from "./c"\nimport type { X } from "./x"\nexport default (): number => b + c',
      'b.ts': 'export const b: number = 0.5',
      'c/index.ts': 'export const c: number = 0.5',
    },
    handler: './a.ts',
  },
  'TypeScript that is more than types': {
    files: {
      'a.ts': 'enum One { one = 1 }\nnamespace N { export const one = One.one }\nexport default (): number => N.one',
    },
    handler: './a.ts',
  },
  'a module that imports its neighbour': {
    files: { 'a.js': 'const { one } = require("./b"); module.exports = () => one', 'b.js': 'exports.one = 1' },
    handler: 'a.js',
  },
}

for (const [what, { files, handler }] of Object.entries(cases)) {
  test(what, async t => {
    const directory = await mkdtemp(join(tmpdir(), 'dispatch-handler-'))
    t.teardown(() => rm(directory, { recursive: true }))
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, name)), { recursive: true })
      await writeFile(join(directory, name), content)
    }
    const { handler: handle } = await loadHandler(handler, directory)
    t.is(handle({}, {}), 1)
  })
}
