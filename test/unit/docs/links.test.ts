/** The pages name only what exists: links, anchors, paths of the repository, npm scripts; and every script is named. */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import manifest from '../../../package.json' with { type: 'json' }
import { loadPage, loadPages, parseAnchors, parseLinks, parsePaths, parseScripts, repository } from './pages.ts'

const pages = loadPages()
const scripts = Object.keys(manifest.scripts)
const exists = (path: string): boolean => existsSync(join(repository, path))

for (const page of pages) {
  test(`${page.path}: links lead somewhere`, t => {
    for (const { path, anchor } of parseLinks(page)) {
      t.true(exists(path), `${path} is not there`)
      if (anchor !== '') t.true(parseAnchors(loadPage(path)).includes(anchor), `${path} has no heading #${anchor}`)
    }
    t.pass()
  })

  test(`${page.path}: paths of the repository exist`, t => {
    for (const path of parsePaths(page)) {
      t.true(globSync(path.replace(/\/$/, ''), { cwd: repository }).length > 0, `${path} is not there`)
    }
    t.pass()
  })

  test(`${page.path}: npm scripts exist`, t => {
    for (const name of parseScripts(page)) t.true(scripts.includes(name), `npm run ${name} is not there`)
    t.pass()
  })
}

test('README.md names every script that a person runs', t => {
  const named = new Set(parseScripts(loadPage('README.md')))
  const hooks = scripts.filter(name => /^(pre|post)/.test(name) && scripts.includes(name.replace(/^(pre|post)/, '')))
  t.deepEqual(
    scripts.filter(name => !hooks.includes(name) && !named.has(name)),
    [],
  )
})

test('every page of docs/ is reached by links from README.md', t => {
  const reached = new Set<string>()
  const follow = (path: string): void => {
    if (reached.has(path) || !path.endsWith('.md')) return
    reached.add(path)
    for (const link of parseLinks(loadPage(path))) follow(link.path)
  }
  follow('README.md')
  t.deepEqual(
    pages.map(page => page.path).filter(path => path.startsWith('docs/') && !reached.has(path)),
    [],
  )
})

test('a page that names what is not there is caught', t => {
  const page = {
    path: 'docs/x.md',
    text: 'See [a](../nowhere.md#b), `server/no-such.ts`, `server/<any>/plan.ts`; npm run no:such',
  }
  t.deepEqual(parseLinks(page), [{ path: 'nowhere.md', anchor: 'b' }])
  t.deepEqual(parsePaths(page), ['server/no-such.ts', 'server/*/plan.ts'])
  t.deepEqual(parseScripts(page), ['no:such'])
})
