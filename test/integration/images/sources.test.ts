/** Servers of packages that are away, come back, or ask for credentials. Needs root. */
import test, { type ExecutionContext } from 'ava'
import type { BuildOptions } from '../../../server/image-builds.ts'
import { createImageStage, type ImageStage, printed } from '../../helpers/image-stage.ts'
import { type PackageIndex, startPackageIndex } from '../../helpers/package-index.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'

const packages = { pip: [{ name: 'polite', version: '1.0', files: { 'polite.py': '' } }] }

interface Stage extends ImageStage {
  index: PackageIndex
}

async function begin(
  t: ExecutionContext,
  urlOf: (index: PackageIndex) => string,
  builds: Partial<BuildOptions> = {},
): Promise<Stage> {
  const index = await startPackageIndex(t, packages)
  const stage = await createImageStage(t, { builds: { settings: { pipIndexUrl: urlOf(index) }, ...builds } })
  await stage.addBase('base', runtimeImage('python3').dockerImage)
  return { ...stage, index }
}

test.serial('an image whose package was nowhere is READY by itself once it is there', async t => {
  const stage = await begin(t, ({ pipIndexUrl }) => pipIndexUrl, { retryMsAfter: () => 1000 })
  await stage.index.serve({})
  await stage.send('POST', { name: 'late', base: 'base', manifest: 'polite==1.0' })
  const { reason } = (await stage.reach('/v1/image/late', 'ERROR')).body
  t.regex(reason[0], /exit code 1; it is tried again at .*\nStep 1\/1 : install-packages\n.*No matching distribution/s)
  await stage.index.serve(packages)
  t.is((await stage.reach('/v1/image/late', 'READY')).body.reason, null)
})

test.serial('the seed image of Python is READY without a server of packages', async t => {
  const stage = await begin(t, ({ pipIndexUrl }) => pipIndexUrl)
  await stage.index.serve({})
  await stage.send('POST', { name: 'python3', base: 'base', manifest: 'requests' })
  await stage.reach('/v1/image/python3', 'READY')
  t.deepEqual(stage.index.asked, [])
})

test.serial('nobody finds the credentials of a server of packages in what was built, nor in its log', async t => {
  const stage = await begin(t, ({ pipIndexUrl }) => pipIndexUrl.replace('://', '://jon:hunter2@'))
  await stage.send('POST', { name: 'secret', base: 'base', manifest: 'polite' })
  const { dockerUrl } = (await stage.reach('/v1/image/secret', 'READY')).body
  t.notRegex(await printed('docker', 'inspect', dockerUrl), /hunter2/)
  t.notRegex(await printed('docker', 'history', '--no-trunc', dockerUrl), /hunter2/)
  const search = 'grep -rl hunter2 / --exclude-dir=proc --exclude-dir=sys 2>/dev/null | head -5'
  t.is(await printed('docker', 'run', '--rm', '--network', 'none', dockerUrl, '/bin/sh', '-c', search), '')
  const { body } = await stage.app.api.inject({
    ...{ method: 'GET', url: '/v1/image/secret/logs' },
    headers: { cookie: 'cookie', 'x-dispatch-org': 'dispatch' },
  })
  t.regex(body, /install-packages/)
  t.notRegex(body, /hunter2/)
})
