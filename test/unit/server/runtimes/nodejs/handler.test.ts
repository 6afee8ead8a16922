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
