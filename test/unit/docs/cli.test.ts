/** The page of the command line says what the commands, the settings and the sources say now. */
import { globSync, readFileSync } from 'node:fs'
import test from 'ava'
import { environment } from '../../../cli/reference/environment.ts'
import { renderReference } from '../../../cli/reference/markdown.ts'
import { root } from '../../../cli/tree.ts'
import { loadPage, repository } from './pages.ts'

test('docs/reference/cli.md is what npm run docs writes', async t => {
  const isSame = loadPage('docs/reference/cli.md').text === (await renderReference(root))
  t.true(isSame, 'docs/reference/cli.md is older than the commands: run npm run docs')
})

test('every variable that the command line reads is told of', t => {
  const sources = globSync(['cli/**/*.ts', 'cli/*.cjs'], { cwd: repository }).map(path =>
    readFileSync(`${repository}${path}`, 'utf8'),
  )
  const read = sources.flatMap(text => [...text.matchAll(/\benv\.([A-Z][A-Z_]+)|'(HTTPS?_PROXY)'/g)])
  const names = new Set(read.map(([, member, text]) => member ?? text ?? ''))
  t.true(names.size >= 6)
  const isFlag = (name: string) => name.startsWith('DISPATCH_')
  t.deepEqual(
    [...names].filter(name => !isFlag(name) && environment[name] === undefined),
    [],
  )
})
