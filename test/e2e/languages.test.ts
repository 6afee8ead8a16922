/** Every language that has an image here does what users do, through the built server: the same cases for each. Needs root. */

import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import test from 'ava'
import { ask, execute, reach } from '../faults/stage.ts'
import { archiveOf } from '../helpers/archive.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { startPackageIndex } from '../helpers/package-index.ts'
import type { Packages } from '../helpers/package-index-files.ts'
import { createRealDocker } from '../helpers/real-docker.ts'
import { runtimeImage, testAbsent } from '../helpers/runtime-images.ts'
import { probes } from '../helpers/runtime-probes.ts'
import { until } from '../helpers/wait.ts'

interface Dependency {
  /** Of the image. */
  image: object
  /** A function that says what the package says. */
  files: Record<string, string>
}

const packages: Packages = {
  pip: [{ name: 'polite', version: '1.0', files: { 'polite.py': 'hello = "hello from a package"\n' } }],
  npm: [{ name: 'polite', version: '1.0.0', files: { 'index.js': 'module.exports = "hello from a package"\n' } }],
  debian: [{ name: 'polite', version: '1.0-1', files: { 'usr/bin/polite': '#!/bin/sh\necho hello from a package\n' } }],
  maven: [
    {
      ...{ group: 'org.example', artifact: 'polite', version: '1.0' },
      classes: [{ className: 'org.example.Polite', method: 'hello', answers: 'hello from a package' }],
    },
  ],
}

const pom = `<project>
  <modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>rude</artifactId><version>1.0</version>
  <dependencies>
    <dependency><groupId>org.example</groupId><artifactId>polite</artifactId><version>1.0</version></dependency>
  </dependencies>
</project>
`

const dependencies: Readonly<Record<string, Dependency>> = {
  python3: {
    image: { runtimeDependencies: { manifest: 'polite==1.0\n' } },
    files: { 'f.py': 'import polite\n\ndef handle(context, payload):\n    return polite.hello\n' },
  },
  nodejs: {
    image: { runtimeDependencies: { manifest: '{"dependencies": {"polite": "1.0.0"}}' } },
    files: { 'f.js': 'module.exports = () => require("polite")\n' },
  },
  java: {
    image: { runtimeDependencies: { manifest: pom } },
    files: {
      'F.java': `public class F implements java.util.function.BiFunction<Object, Object, String> {
        public String apply(Object context, Object payload) { return org.example.Polite.hello(); }
      }`,
    },
  },
  binary: {
    image: { systemDependencies: { packages: [{ name: 'polite', version: '1.0-1' }] } },
    files: { 'f.sh': '#!/bin/sh\nprintf \'"%s"\' "$(polite)"\n' },
  },
}

const docker = createRealDocker()
const languages = Object.keys(probes)
const images = await Promise.all(languages.map(language => docker.findImage(runtimeImage(language).dockerImage)))
const ends: (() => Promise<unknown>)[] = []
const started = Promise.withResolvers<LiveServer>()

test.before(async () => {
  const index = await startPackageIndex({ teardown: end => ends.push(async () => end()) }, packages)
  const args = ['--pip-index-url', index.pipIndexUrl, '--npm-registry', index.npmRegistry]
  const others = ['--debian-sources', index.debianSources, '--maven-repository', index.mavenRepository]
  const server = await startLiveServer({ args: [...args, ...others] })
  ends.push(() => server.stop())
  for (const language of languages.filter((_, place) => images[place])) {
    const dockerUrl = runtimeImage(language).dockerImage
    await ask(server, 'POST', 'baseimage', { name: `${language}-base`, dockerUrl, language })
    await ask(server, 'POST', 'image', { name: language, baseImageName: `${language}-base` })
    await reach(server, `image/${language}`, 'READY')
  }
  started.resolve(server)
})

test.after.always(async () => {
  for (const end of ends.toReversed()) await end()
})

async function packFiles(files: Record<string, string>): Promise<string> {
  const modeOf = (content: string) => (content.startsWith('#!') ? 0o755 : 0o644)
  const entries = Object.entries(files).map(([name, content]) => ({ name, content, mode: modeOf(content) }))
  return (await archiveOf(entries)).toString('base64')
}

interface NewFunction {
  name: string
  image: string
  files: Record<string, string>
  fields?: object
}

/** What a call of it answers; the function is made at the first. */
async function createCall({ name, image, files, fields = {} }: NewFunction) {
  const server = await started.promise
  await ask(server, 'POST', 'function', { name, image, handler: '', source: await packFiles(files), ...fields })
  await reach(server, `function/${name}`, 'READY')
  return async (input?: unknown) => (await execute(server, name, input)).body
}

for (const [place, [language, { probe, lines = 'stdout' }]] of Object.entries(probes).entries()) {
  if (!images[place]) {
    testAbsent(test, language)
    continue
  }
  const create = (what: string, fields: object = {}, files = probe) =>
    createCall({ name: `${language}-${what}`, image: language, files, fields })

  test.serial(`${language}: hello`, async t => {
    const files = globSync(`server/runtimes/${language}/example/*`).map(path => [
      basename(path),
      readFileSync(path, 'utf8'),
    ])
    const call = await create('hello', {}, Object.fromEntries(files))
    const { output, status } = await call({ name: 'Jon', place: 'Winterfell' })
    t.deepEqual([output, status], [{ myField: 'Hello, Jon from Winterfell' }, 'READY'])
  })

  test.serial(`${language}: schema`, async t => {
    const schema = { in: { type: 'object', required: ['do'] }, out: { type: 'string' } }
    const call = await create('schema', { schema })
    t.is((await call({})).error.type, 'InputError')
    t.is((await call({ do: 'later' })).output, 'later')
    t.is((await call({ do: 'echo' })).error.type, 'FunctionError')
  })

  test.serial(`${language}: secret`, async t => {
    const server = await started.promise
    await ask(server, 'POST', 'secret', { name: `${language}-secret`, secrets: { password: 'p"w' } })
    const call = await create('secret', { secrets: [`${language}-secret`] })
    t.deepEqual((await call({ do: 'echo' })).output.context.secrets, { password: 'p"w' })
  })

  test.serial(`${language}: raise`, async t => {
    const call = await create('raise')
    t.like((await call({ do: 'fail' })).error, { type: 'FunctionError', message: 'boom' })
    t.like((await call({ do: 'type-error' })).error, { type: 'InputError' })
  })

  test.serial(`${language}: timeout`, async t => {
    const call = await create('timeout', { timeout: 5000 })
    t.is((await call({ do: 'hang' })).error.message, 'Function execution exceeded the timeout')
    // A process that is only just being started may need as much time.
    await until('another call is answered', async () => (await call({ do: 'later' })).output === 'later')
  })

  test.serial(`${language}: big input, unicode`, async t => {
    const call = await create('big')
    const text = 'ö🎈日'.repeat(500_000)
    t.true((await call({ do: 'text', text })).output === text)
  })

  test.serial(`${language}: logs, child process`, async t => {
    const call = await create('logs')
    t.true((await call({ do: 'print', text: 'ö' })).logs[lines].includes('out ö'))
    t.deepEqual((await call({ do: 'child' })).logs[lines], ['from a child'])
  })

  test.serial(`${language}: dependency`, async t => {
    const dependency = dependencies[language]
    if (!dependency) return t.pass('its packages come from a gallery that no test can serve')
    const server = await started.promise
    const image = `${language}-polite`
    await ask(server, 'POST', 'image', { name: image, baseImageName: `${language}-base`, ...dependency.image })
    await reach(server, `image/${image}`, 'READY')
    const call = await createCall({ name: image, image, files: dependency.files })
    t.is((await call()).output, 'hello from a package')
  })
}
