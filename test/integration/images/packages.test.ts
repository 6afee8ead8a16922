/** Packages of each kind, installed on real Docker by the tools themselves, from servers of the test's own. Needs root. */
import test, { type ExecutionContext } from 'ava'
import { readEvents } from '../../helpers/event-stream.ts'
import { createImageStage, type ImageStage, printed } from '../../helpers/image-stage.ts'
import { type IndexOptions, type PackageIndex, startPackageIndex } from '../../helpers/package-index.ts'
import type { Packages } from '../../helpers/package-index-files.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'

const packages: Packages = {
  pip: [
    {
      name: 'polite',
      version: '1.0',
      files: { 'polite.py': 'import words\nhello = words.hello\n' },
      requires: ['words>=2'],
    },
    { name: 'words', version: '2.1', files: { 'words.py': 'def hello(): return "hello from pip"\n' } },
  ],
  npm: [
    {
      ...{ name: 'polite', version: '1.0.0', dependencies: { '@more/words': '^2.0.0' } },
      files: { 'index.js': 'module.exports = require("@more/words")\n' },
    },
    { name: '@more/words', version: '2.1.0', files: { 'index.js': 'module.exports = "hello from npm"\n' } },
  ],
  debian: [
    {
      name: 'polite',
      version: '1.0-1',
      files: { 'usr/bin/polite': '#!/bin/sh\nexec words\n' },
      depends: 'words (>= 2)',
    },
    {
      ...{ name: 'words', version: '2.1-1', files: { 'usr/bin/words': '#!/bin/sh\ncat /etc/words\n' } },
      scripts: { postinst: '#!/bin/sh\nset -e\necho hello from apt >/etc/words\n' },
    },
  ],
}

const settingsOf = ({ pipIndexUrl, npmRegistry, debianSources: debianMirror }: PackageIndex) => ({
  ...{ pipIndexUrl, npmRegistry, debianMirror },
})

interface PackageStage extends ImageStage {
  index: PackageIndex
  /** What a command prints in a container of the image, without a network. */
  inImage(name: string, ...command: string[]): Promise<string>
}

async function createStage(
  t: ExecutionContext,
  { proxied = false, ...options }: IndexOptions & { proxied?: boolean } = {},
): Promise<PackageStage> {
  const index = await startPackageIndex(t, packages, options)
  const elsewhere = { pipIndexUrl: 'http://packages.invalid/pip/simple', proxy: index.proxy }
  const settings = proxied ? elsewhere : settingsOf(index)
  const stage = await createImageStage(t, { builds: { settings, readCa: async () => index.ca } })
  for (const language of ['python3', 'nodejs']) await stage.addBase(language, runtimeImage(language).dockerImage)
  return {
    ...stage,
    index,
    inImage: async (name, ...command) => {
      const { dockerUrl } = (await stage.call('GET', `/v1/image/${name}`)).body
      const node = ['--mount', `type=bind,source=${process.execPath},target=/usr/bin/node,readonly`]
      return printed('docker', 'run', '--rm', '--network', 'none', ...node, dockerUrl, ...command)
    },
  }
}

const python = (name: string, manifest: string) => ({ name, base: 'python3', manifest })
const requirePolite =
  "process.chdir('/'); console.log(require('module').createRequire('/function/handler.js')('polite'))"
const requiring = ['/usr/bin/node', '-e', requirePolite]
const importing = ['/usr/bin/python3', '-c', 'import polite; print(polite.hello())']

test.serial('pip: a package with what it requires; a second image that wants the same fetches nothing', async t => {
  const { send, reach, inImage, index } = await createStage(t)
  await send('POST', python('web', 'polite==1.0\n'))
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', ...importing), 'hello from pip\n')
  const fetched = index.asked.length
  t.true(index.asked.some(path => path.endsWith('words-2.1-py3-none-any.whl')))
  await send('POST', python('again', 'polite==1.0\n'))
  await reach('/v1/image/again', 'READY')
  t.is(await inImage('again', ...importing), 'hello from pip\n')
  t.is(index.asked.length, fetched)
})

test.serial('npm: a package with its dependencies, found from the code of functions', async t => {
  const { send, reach, inImage } = await createStage(t)
  await send('POST', { name: 'web', base: 'nodejs', manifest: '{"dependencies":{"polite":"1.0.0"}}' })
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', ...requiring), 'hello from npm\n')
})

test.serial('npm: packages on an image that has some already are found beside those', async t => {
  const { addBase, call, send, reach, inImage } = await createStage(t)
  await send('POST', { name: 'below', base: 'nodejs', manifest: '{"dependencies":{"@more/words":"2.1.0"}}' })
  await reach('/v1/image/below', 'READY')
  await addBase('with-words', (await call('GET', '/v1/image/below')).body.dockerUrl)
  await send('POST', { name: 'web', base: 'with-words', manifest: '{"dependencies":{"polite":"1.0.0"}}' })
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', ...requiring), 'hello from npm\n')
})

test.serial('apt: a package with its dependency, set up by its own script', async t => {
  const { send, reach, inImage } = await createStage(t)
  await send('POST', { name: 'web', base: 'python3', packages: [{ name: 'polite', version: '1.0-1' }] })
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', '/usr/bin/polite'), 'hello from apt\n')
})

test.serial('a server of packages is known by the certificate that is configured', async t => {
  const { send, reach, inImage } = await createStage(t, { overTls: true })
  await send('POST', python('web', 'polite\n'))
  await send('POST', { name: 'web-js', base: 'nodejs', manifest: '{"dependencies":{"polite":"1.0.0"}}' })
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', ...importing), 'hello from pip\n')
  await reach('/v1/image/web-js', 'READY')
})

test.serial('packages are fetched through the proxy that is configured', async t => {
  const { send, reach, inImage, index } = await createStage(t, { proxied: true })
  await send('POST', python('web', 'polite\n'))
  await reach('/v1/image/web', 'READY')
  t.is(await inImage('web', ...importing), 'hello from pip\n')
  t.true(index.asked.includes('/pip/simple/polite/'))
})

test.serial('what the tool says is told while it installs, is in the reason of a failure, and stays', async t => {
  const { app, call, send, reach } = await createStage(t)
  const address = await app.api.listen({ host: '127.0.0.1', port: 0 })
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
  await send('POST', python('web', 'no-such-package==1.0\n'))
  const reader = await readEvents(`${address}/v1/image/web/logs?follow=true`, headers)
  const { body } = await reach('/v1/image/web', 'ERROR')
  t.regex(body.reason.join(), /No matching distribution found for no-such-package==1\.0/)
  await reader.ended
  const lines = reader.events.filter(({ type }) => type === 'message').map(({ data }) => data.line)
  t.is(lines[0], 'Step 1/1 : install-packages')
  t.true(lines.some(line => line.includes('No matching distribution found')))
  t.like(reader.events.at(-1), { type: 'end', data: { status: 'ERROR' } })
  t.true((await call('GET', '/v1/image/web')).body.status === 'ERROR')
})
