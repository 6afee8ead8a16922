/** Which of an image's dependencies its runtime does not hold already. Pure. */
import { messageOf } from '../core/errors.ts'
import type { Image } from './schema.ts'

interface Requirement {
  name: string
  /** Exact version, or undefined when any will do. */
  version?: string | undefined
  /** As written, for messages. */
  text: string
}

/** Lines of a requirements.txt. Anything but `name` and `name==version` counts as its own text, so that it is never met. */
function parsePythonManifest(manifest: string): Requirement[] {
  const lines = manifest.split('\n').map(line => line.replace(/(^|\s)#.*$/, '').trim())
  return lines.filter(Boolean).map(text => {
    const [, name, version] = /^([A-Za-z0-9._-]+)(?:==([\w.]+))?$/.exec(text) ?? []
    return name ? { name: name.toLowerCase().replaceAll('_', '-'), version, text } : { name: text, text }
  })
}

function parseNodeManifest(manifest: string): Requirement[] {
  if (manifest.trim() === '') return []
  try {
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(manifest)
    return Object.entries(dependencies).map(([name, range]) => ({ name, version: range, text: `${name}@${range}` }))
  } catch (thrown) {
    return [{ name: '', text: `a readable package.json (${messageOf(thrown)})` }]
  }
}

function parseOther(manifest: string): Requirement[] {
  return manifest.trim() === '' ? [] : [{ name: '', text: 'its runtime dependencies' }]
}

const parsers = new Map([
  ['python3', parsePythonManifest],
  ['nodejs', parseNodeManifest],
])

export interface DependencyQuestion {
  image: Pick<Image, 'manifest' | 'systemPackages'>
  language: string
  /** JSON object of package name to version, from the label of the runtime image. */
  packagesJson: string
}

/** The missing ones as a person would write them; empty when the runtime satisfies the image as it is. */
export function missingPackages({ image, language, packagesJson }: DependencyQuestion): string[] {
  const held = new Map<string, string>(Object.entries(JSON.parse(packagesJson)))
  const requirements = (parsers.get(language) ?? parseOther)(image.manifest)
  const isHeld = ({ name, version }: Requirement) =>
    held.has(name) && (version === undefined || held.get(name) === version)
  const system = image.systemPackages.map(
    ({ name, version }) => `the system package ${name}${version ? ` ${version}` : ''}`,
  )
  return [...requirements.filter(requirement => !isHeld(requirement)).map(requirement => requirement.text), ...system]
}
