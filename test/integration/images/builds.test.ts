/** Builds on real Docker: what a script may do there, what becomes of it, and that nothing of it is left. */
import test from 'ava'
import { buildScriptedRuntime, createImageStage, type ImageStageOptions, printed } from '../../helpers/image-stage.ts'
import { until } from '../../helpers/wait.ts'

let scripted = ''

test.before(async () => {
  scripted = await buildScriptedRuntime()
})

async function begin(t: Parameters<typeof createImageStage>[0], options: ImageStageOptions = {}) {
  const stage = await createImageStage(t, options)
  await stage.addBase('scripted', scripted)
  return stage
}

/** Two tests at once would count each other's. */
const danglingImages = async (): Promise<number> =>
  (await printed('docker', 'images', '--quiet', '--filter', 'dangling=true')).split('\n').length

const script = (name: string, manifest: string) => ({ name, base: 'scripted', manifest })

/** What a container on the built image prints. */
const inImage = (reference: string, command: string) =>
  printed('docker', 'run', '--rm', '--network', 'none', '--entrypoint', '/bin/sh', reference, '-c', command)

test.serial('what the program of the runtime installs is in the image, which runs as its base does', async t => {
  const dangling = await danglingImages()
  const stage = await begin(t)
  await stage.send('POST', script('tool', 'mkdir -p /opt/tool && id -u >/opt/tool/user && chown 12:34 /opt/tool/user'))
  const { dockerUrl } = (await stage.reach('/v1/image/tool', 'READY')).body
  t.is(await inImage(dockerUrl, 'cat /opt/tool/user; id -u; ls /run/dispatch/build 2>/dev/null'), '0\n65534\n')
  const configOf = async (reference: string) => JSON.parse(await printed('docker', 'inspect', reference))[0].Config
  const [built, base] = [await configOf(dockerUrl), await configOf(scripted)]
  t.deepEqual([built.Cmd, built.User, built.Entrypoint ?? []], [base.Cmd, base.User, base.Entrypoint ?? []])
  t.is(built.Env.filter((text: string) => /secret/.test(text)).length, 0)
  t.is(built.Labels['io.dispatchframework.solo.language'], 'python3')
  await stage.isClean()
  t.is(await danglingImages(), dangling)
})

test.serial('an image that was built at any time is READY without a build, and no name is lost on the way', async t => {
  const dangling = await danglingImages()
  const stage = await begin(t)
  await stage.send('POST', script('first', 'cat /proc/sys/kernel/random/uuid >/stamp'))
  const { dockerUrl } = (await stage.reach('/v1/image/first', 'READY')).body
  const stamp = await inImage(dockerUrl, 'cat /stamp')
  await stage.send('PUT', script('first', ''))
  await until('it is the base', async () => (await inImage(dockerUrl, 'ls /')).includes('stamp') === false)
  await stage.send('POST', script('second', 'cat /proc/sys/kernel/random/uuid >/stamp'))
  const second = (await stage.reach('/v1/image/second', 'READY')).body
  t.is(await inImage(second.dockerUrl, 'cat /stamp'), stamp)
  t.is(await danglingImages(), dangling)
})

const failures: [string, string, ImageStageOptions['builds'], RegExp][] = [
  [
    'a script that fails',
    'echo looking for it; echo no such package >&2; exit 3',
    {},
    /exit code 3; .*\nStep 1\/1 : install-packages\nlooking for it\nno such package$/s,
  ],
  [
    'too little time',
    'exec sleep 1000',
    { limits: { ...limits(), timeoutMs: 3000 } },
    /longer than the 3 s of build-timeout/,
  ],
  [
    'too little memory',
    'dd if=/dev/zero of=/dev/null bs=200M count=1',
    { limits: { ...limits(), memoryBytes: 64 * 1024 ** 2 } },
    /more than the 64 MiB of build-memory|exit code/,
  ],
  [
    'too little disk',
    'dd if=/dev/zero of=/big bs=1M count=400; exec sleep 1000',
    { limits: { ...limits(), diskBytes: 100 * 1024 ** 2 } },
    /more than the 100 MiB of build-disk/,
  ],
]

function limits() {
  return { memoryBytes: 1024 ** 3, diskBytes: 1024 ** 3, timeoutMs: 170_000 }
}

for (const [title, manifest, builds, expected] of failures) {
  test.serial(`${title} is told as the reason, and leaves nothing`, async t => {
    const dangling = await danglingImages()
    const stage = await begin(t, { ...(builds && { builds }) })
    await stage.send('POST', script('bad', manifest))
    const { reason } = (await stage.reach('/v1/image/bad', 'ERROR')).body
    t.is(reason.length, 1)
    t.regex(reason[0], expected)
    await stage.isClean()
    t.is(await danglingImages(), dangling)
    t.is((await stage.docker.listImages({ 'io.dispatchframework.solo.build-instance': stage.instanceId })).length, 0)
  })
}

const endings: [string, (stage: Awaited<ReturnType<typeof begin>>) => Promise<unknown>][] = [
  ['an image that is deleted', stage => stage.call('DELETE', '/v1/image/slow')],
  ['an image that is edited', stage => stage.send('PUT', script('slow', ''))],
  ['a server that stops', stage => stage.app.endBuilds()],
]
for (const [title, end] of endings) {
  test.serial(`${title} leaves nothing of its build`, async t => {
    const stage = await begin(t)
    await stage.send('POST', script('slow', 'touch /begun; exec sleep 1000'))
    const labels = { 'io.dispatchframework.solo.builds': stage.instanceId }
    await until('it is built', async () => {
      const [container] = await stage.docker.listContainers(labels)
      return container && (await stage.docker.inspectContainer(container.id))?.running
    })
    await end(stage)
    t.truthy(await stage.isClean())
  })
}

test.serial('what a crash leaves of builds is removed at the next start', async t => {
  const { docker, instanceId } = await begin(t)
  const id = await docker.createContainer({
    ...{
      name: `dispatch-build-left-${instanceId}`,
      profile: 'build',
      dockerImage: scripted,
      command: ['/bin/sleep', '1000'],
    },
    labels: { 'io.dispatchframework.solo.builds': instanceId },
    ...{ env: {}, mounts: [], memoryBytes: 64 * 1024 ** 2, cpus: 1, maxProcesses: 10, network: 'none' },
  })
  await docker.startContainer(id)
  const next = await createImageStage(t, { instanceId })
  await next.isClean()
  t.is(await docker.inspectContainer(id), undefined)
})

test.serial('a script in a build reaches neither this machine nor its Docker', async t => {
  const stage = await begin(t)
  const capabilities =
    'grep CapEff /proc/self/status; test ! -e /var/run/docker.sock; ! mount -t tmpfs none /mnt 2>/dev/null; exit 9'
  await stage.send('POST', script('curious', capabilities))
  const { reason } = (await stage.reach('/v1/image/curious', 'ERROR')).body
  t.regex(reason[0], /exit code 9/)
  const [, granted = ''] = /CapEff:\s*([0-9a-f]+)/.exec(reason[0]) ?? []
  // CAP_NET_ADMIN, CAP_SYS_MODULE, CAP_SYS_PTRACE, CAP_SYS_ADMIN.
  for (const bit of [12n, 16n, 19n, 21n]) t.is((BigInt(`0x${granted}`) >> bit) & 1n, 0n)
})
