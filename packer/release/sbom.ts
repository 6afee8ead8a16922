/** The bill of materials beside the .ova: CycloneDX 1.6, with every Debian package, npm module and container image in it. */
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { hashText } from '../hash.ts'
import type { NpmModule } from '../steps/licences.ts'
import type { ImageMaterials, Materials, NamedPackage } from './materials.ts'
import { npmUrl, sha512Of } from './package-url.ts'

type Component = Models.Component

/** The same materials give the same text: no time, and a serial number that follows from the .ova. */
export function renderSbom(materials: Materials): string {
  const { version, ova, system, modules, node, images } = materials
  const product = new Models.Component(Enums.ComponentType.OperatingSystem, 'dispatch-solo', {
    version,
    bomRef: ova.file,
  })
  product.hashes.set(Enums.HashAlgorithm['SHA-256'], ova.sha256)
  const bom = new Models.Bom({ serialNumber: renderSerial(ova.sha256) })
  bom.metadata.component = product
  const components = [
    ...system.map(entry => createPackageComponent(entry, 'system')),
    ...modules.map(entry => createNpmComponent(entry, 'programs')),
    createNodeComponent(node),
    ...images.map(createImageComponent),
  ]
  for (const component of components) bom.components.add(component)
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

/** A UUID of version 8 (RFC 9562), whose bits are its maker's own. */
function renderSerial(sha256: string): string {
  const hex = hashText(`bill of materials of ${sha256}`)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return `urn:uuid:${parts.join('-')}`
}

/** A reference must be unique in the document: the same package may be in several images. */
function createComponent(type: Enums.ComponentType, url: string, of: { name: string; version: string; in: string }) {
  return new Models.Component(type, of.name, { version: of.version, purl: url, bomRef: `${of.in}/${url}` })
}

function createPackageComponent(entry: NamedPackage, place: string): Component {
  const { name, version } = entry
  const component = createComponent(Enums.ComponentType.Library, entry.url, { name, version, in: place })
  if (entry.sha256) component.hashes.set(Enums.HashAlgorithm['SHA-256'], entry.sha256)
  return component
}

function createNpmComponent(entry: NpmModule, place: string): Component {
  const { name, version, license } = entry
  const component = createComponent(Enums.ComponentType.Library, npmUrl(entry), { name, version, in: place })
  const sha512 = sha512Of(entry)
  if (sha512) component.hashes.set(Enums.HashAlgorithm['SHA-512'], sha512)
  if (license) component.licenses.add(new Models.LicenseExpression(license))
  return component
}

function createNodeComponent({ module: { version }, sha256 }: Materials['node']): Component {
  const url = `pkg:generic/node@${version}`
  const component = createComponent(Enums.ComponentType.Application, url, { name: 'node', version, in: 'programs' })
  component.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256)
  return component
}

function createImageComponent({ tag, imageId, packages, modules }: ImageMaterials): Component {
  const [name = tag, version = ''] = tag.split(':')
  const url = `pkg:docker/${name}@${version}`
  const component = createComponent(Enums.ComponentType.Container, url, { name, version, in: 'images' })
  component.hashes.set(Enums.HashAlgorithm['SHA-256'], imageId)
  for (const entry of packages) component.components.add(createPackageComponent(entry, tag))
  for (const entry of modules) component.components.add(createNpmComponent(entry, tag))
  return component
}
