import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { planDockerImage } from '../../../../packer/runtimes/archive.ts'
import { commands } from '../../../../packer/runtimes/contents.ts'
import { contentLabel, planLabelled } from '../../../../packer/runtimes/image-step.ts'
import { hasOwnLayer } from '../../../../packer/runtimes/layer-steps.ts'
import { loadRecipes, parseRecipe, type Recipe } from '../../../../packer/runtimes/recipe.ts'
import { loadIsShipped, parsePathRules } from '../../../../packer/runtimes/shipped.ts'

const recipe: Recipe = {
  language: 'python3',
  debianPackages: ['python3', 'python3-requests'],
  program: { 'server/runtimes/python3/main.py': '/runtime/main.py' },
  prepare: undefined,
  command: ['/usr/bin/python3', '/runtime/main.py'],
  languagePackages: { requests: 'python3-requests' },
  nodeMounted: false,
  inAppliance: true,
}
const layers = ['aa', 'bb'].map(diffId => ({ diffId, file: `/x/${diffId}.tar`, createdBy: 'test' }))
const requests = { name: 'python3-requests', version: '2.32.3+dfsg-5', file: 'f.deb', sha256: 'cc' }
const labelled = { recipe, version: '1.2.3', layers, sets: { base: [], python3: [requests] } }
const prefix = 'io.dispatchframework.solo.'

test('labels say what the engine needs to know', t => {
  const { tag, labels } = planLabelled(labelled)
  t.is(tag, 'dispatch-solo/python3:1.2.3')
  const { [contentLabel]: content, ...others } = labels
  t.deepEqual(others, {
    [`${prefix}language`]: 'python3',
    [`${prefix}protocol`]: '1',
    [`${prefix}packages`]: '{"requests":"2.32.3"}',
  })
  t.regex(content ?? '', /^[0-9a-f]{64}$/)
  const mounted = planLabelled({ ...labelled, recipe: { ...recipe, nodeMounted: true } })
  t.is(mounted.labels[`${prefix}node`], 'mounted')
})

test('the content label follows layers, command and labels', t => {
  const contentOf = (change: Partial<typeof labelled>) => planLabelled({ ...labelled, ...change }).labels[contentLabel]
  t.is(contentOf({}), contentOf({}))
  const changes = [
    { layers: [...layers].reverse() },
    { version: '1.2.4' },
    { recipe: { ...recipe, command: ['/bin/sh'] } },
    { sets: { base: [], python3: [{ ...requests, version: '2.33.0-1' }] } },
  ]
  t.is(new Set([contentOf({}), ...changes.map(contentOf)]).size, changes.length + 1)
})

test('a language package that no Debian package brings is a fault of the recipe', t => {
  t.throws(() => planLabelled({ ...labelled, sets: {} }), { message: /names python3-requests, which none/ })
})

test("Docker's files refer to each other", t => {
  const plan = planDockerImage(planLabelled(labelled))
  t.is(plan.imageId, createHash('sha256').update(plan.config).digest('hex'))
  t.deepEqual(JSON.parse(plan.manifest), [
    {
      Config: `${plan.imageId}.json`,
      RepoTags: ['dispatch-solo/python3:1.2.3'],
      Layers: ['aa/layer.tar', 'bb/layer.tar'],
    },
  ])
  const config = JSON.parse(plan.config)
  t.deepEqual(config.rootfs.diff_ids, ['sha256:aa', 'sha256:bb'])
  t.deepEqual(config.config.Cmd, recipe.command)
  t.is(config.config.User, '65534:65534')
})

test('each folder with a recipe is a language, by name; one without packages of its own lies on the shared layer', async t => {
  const recipes = await loadRecipes('.')
  const languages = recipes.map(({ language }) => language)
  t.deepEqual(languages, [...languages].sort())
  const layered = new Map(recipes.map(recipe => [recipe.language, hasOwnLayer(recipe)]))
  t.deepEqual([layered.get('nodejs'), layered.get('python3'), layered.get('base')], [false, true, undefined])
})

test('a language that needs what nobody has put below build/ is left out, and its recipe is one', async t => {
  const root = await mkdtemp(join(tmpdir(), 'recipes-'))
  t.teardown(() => rm(root, { recursive: true }))
  await cp('server/runtimes/powershell', join(root, 'server/runtimes/powershell'), { recursive: true })
  t.deepEqual(await loadRecipes(root), [])
  await mkdir(join(root, 'build/powershell'), { recursive: true })
  t.like(await loadRecipes(root), [{ language: 'powershell', nodeMounted: true, inAppliance: false }])
})

test('a recipe that is wrong names its file and field', t => {
  const refuse = (change: object, message: RegExp) =>
    t.throws(() => parseRecipe(JSON.stringify({ ...recipe, ...change }), 'x/recipe.json'), { message })
  refuse({ debianPackages: 'python3' }, /^x\/recipe\.json: "debianPackages" must be a list of texts/)
  refuse({ language: '../up' }, /"language" must be a name/)
  refuse({ program: { a: 1 } }, /"a" must be a text/)
  refuse({ nodeMounted: 'no' }, /"nodeMounted" must be true or false/)
  refuse({ prepare: ['sh'] }, /"prepare" must be a path/)
  refuse({ inAppliance: 1 }, /"inAppliance" must be true or false/)
})

test('what is shipped: programs, libraries, licences, the package database; no manual', async t => {
  const isShipped = await loadIsShipped('.')
  const shipped = ['etc/passwd', 'usr/lib/python3.13/json/decoder.py', 'usr/share/doc/libc6/copyright', 'usr/bin/dpkg']
  for (const path of [...shipped, 'usr/share/zoneinfo/UTC', 'bin', 'var/lib/dpkg/status']) t.true(isShipped(path), path)
  const dropped = [
    'usr/share/man/man1/x.1.gz',
    'usr/share/doc/libc6/changelog.gz',
    'usr/share/locale/de/LC_MESSAGES/a.mo',
  ]
  for (const path of dropped) t.false(isShipped(path), path)
  t.deepEqual([...new Set(commands)], commands)
})

test("of dpkg's path patterns the last one that fits decides", t => {
  const isShipped = parsePathRules(
    '# path-exclude=/a/*\npath-exclude=/b/*\npath-include=/b/*/k+p\npath-exclude=/b/z/*\n',
  )
  const paths = ['a/x', 'b/x', 'b/x/y/k+p', 'b/x/kkp', 'b/z/k+p', 'b', 'bb/x']
  t.deepEqual(paths.filter(isShipped), ['a/x', 'b/x/y/k+p', 'b', 'bb/x'])
})
