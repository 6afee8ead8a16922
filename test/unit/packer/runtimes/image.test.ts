import { createHash } from 'node:crypto'
import test from 'ava'
import { planDockerImage } from '../../../../packer/runtimes/archive.ts'
import { commands, isShipped } from '../../../../packer/runtimes/contents.ts'
import { contentLabel, planLabelled } from '../../../../packer/runtimes/image-step.ts'
import { hasOwnLayer } from '../../../../packer/runtimes/layer-steps.ts'
import { loadRecipes, parseRecipe, type Recipe } from '../../../../packer/runtimes/recipe.ts'

const recipe: Recipe = {
  language: 'python3',
  debianPackages: ['python3', 'python3-requests'],
  program: { 'server/runtimes/python3/main.py': '/runtime/main.py' },
  command: ['/usr/bin/python3', '/runtime/main.py'],
  languagePackages: { requests: 'python3-requests' },
  nodeMounted: false,
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

test('the recipes of this repository are readable and share the layer below', async t => {
  const recipes = await loadRecipes('.')
  t.deepEqual(
    recipes.map(({ language, nodeMounted }) => [language, nodeMounted]),
    [
      ['nodejs', true],
      ['python3', false],
    ],
  )
  t.deepEqual(recipes.map(hasOwnLayer), [false, true])
})

test('a recipe that is wrong names its file and field', t => {
  const refuse = (change: object, message: RegExp) =>
    t.throws(() => parseRecipe(JSON.stringify({ ...recipe, ...change }), 'x/recipe.json'), { message })
  refuse({ debianPackages: 'python3' }, /^x\/recipe\.json: "debianPackages" must be a list of texts/)
  refuse({ language: '../up' }, /"language" must be a name/)
  refuse({ program: { a: 1 } }, /"a" must be a text/)
  refuse({ nodeMounted: 'no' }, /"nodeMounted" must be true or false/)
})

test('what is shipped: libraries, licences, time zones; no installer, manual or test', t => {
  const shipped = [
    'etc/passwd',
    'usr/lib/python3.13/json/decoder.py',
    'usr/share/doc/libc6/copyright',
    'usr/bin/busybox',
  ]
  for (const path of [...shipped, 'usr/share/zoneinfo/UTC', 'bin']) t.true(isShipped(path), path)
  const dropped = ['usr/share/man/man1/x.1.gz', 'usr/lib/python3.13/test/a.py', 'var/lib/dpkg/status', 'etc/issue']
  for (const path of [...dropped, 'usr/sbin/update-ca-certificates', 'usr/bin/py3compile'])
    t.false(isShipped(path), path)
  t.deepEqual([...new Set(commands)], commands)
})
