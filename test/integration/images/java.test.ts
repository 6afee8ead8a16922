/** Libraries of a pom.xml, from servers of packages of the test's own, and a function that uses them. Needs root. */
import test from 'ava'
import { createImageStage } from '../../helpers/image-stage.ts'
import { startPackageIndex } from '../../helpers/package-index.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const group = 'org.example'
const library = (artifact: string, version?: string, more = '') =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${version ? `<version>${version}</version>` : ''}${more}</dependency>`
/** As a pom.xml refers to it. */
const property = (name: string) => `\${${name}}`
const pom = (dependencies: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.dispatchframework.examples</groupId><artifactId>polite</artifactId><version>1.0.0</version>
  <properties><polite.version>3.0</polite.version></properties>
  <dependencies>${dependencies}</dependencies>
</project>`

const managed = `<properties><words.version>2.0</words.version></properties>
  <dependencyManagement><dependencies>${library('words', property('words.version'))}</dependencies></dependencyManagement>`
const parent = `<parent><groupId>${group}</groupId><artifactId>parent</artifactId><version>1</version></parent>`
const needs = [
  library('words'),
  library('tests', '1', '<scope>test</scope>'),
  library('rest', '1', '<optional>true</optional>'),
]
const says = (className: string) => ({
  className: `${group}.${className}`,
  method: 'hello',
  answers: `hello from ${className}`,
})

const maven = [
  { group, artifact: 'parent', version: '1', packaging: 'pom' as const, pom: managed },
  {
    ...{ group, artifact: 'polite', version: '3.0', classes: [says('Polite')] },
    pom: `${parent}<dependencies>${needs.join('')}</dependencies>`,
  },
  { group, artifact: 'words', version: '2.0', classes: [says('Words')] },
]

const source = `public class Greeting implements java.util.function.BiFunction<Object, Object, Object> {
  public Object apply(Object context, Object payload) {
    return org.example.Polite.hello() + ", " + org.example.Words.hello();
  }
}`

test.serial('a function finds what the pom.xml of its image names, and what that needs', async t => {
  const index = await startPackageIndex(t, { maven })
  const stage = await createImageStage(t, { builds: { settings: { mavenRepository: index.mavenRepository } } })
  const image = runtimeImage('java')
  await stage.addBase('java-base', image.dockerImage)
  await stage.send('POST', {
    name: 'polite',
    base: 'java-base',
    manifest: pom(library('polite', property('polite.version'))),
  })
  const { dockerUrl } = (await stage.reach('/v1/image/polite', 'READY')).body
  const { call, revision } = createTestEngine(t, { docker: stage.docker })
  const outcome = await call(revision({ ...image, dockerImage: dockerUrl }, { 'Greeting.java': source }))
  t.like(outcome, { ok: true, outputJson: '"hello from Polite, hello from Words"' })
})

test.serial('a library that is not there, and a file that is no pom.xml, are told', async t => {
  const index = await startPackageIndex(t, { maven })
  const stage = await createImageStage(t, { builds: { settings: { mavenRepository: index.mavenRepository } } })
  await stage.addBase('java-base', runtimeImage('java').dockerImage)
  const wrong: [string, string, RegExp][] = [
    ['absent', pom(library('absent', '9')), /org\.example:absent:9 cannot be had from http:.*: not found/],
    ['text', 'joda-time', /pom\.xml cannot be read: /],
  ]
  for (const [name, manifest, reason] of wrong) {
    await stage.send('POST', { name, base: 'java-base', manifest })
    t.regex((await stage.reach(`/v1/image/${name}`, 'ERROR')).body.reason.join('\n'), reason)
  }
})
