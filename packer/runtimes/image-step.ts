/** One language's image as a cached step: the shared layer, its packages, its program, under the labels that name it. */
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hashFile, hashText, hashTree } from '../hash.ts'
import type { Done, Step } from '../step.ts'
import { bundles } from '../steps/bundles.ts'
import { type DockerImage, type Layer, planDockerImage, writeDockerArchive } from './archive.ts'
import { writeLayer } from './layer.ts'
import { baseStep, hasOwnLayer, languageStep, loadPackageSets } from './layer-steps.ts'
import { type PackageSets, parseUpstreamVersion } from './packages.ts'
import type { Recipe } from './recipe.ts'
import { addProgram } from './tree.ts'

export type ImageSources = {
  readonly repository: string
  readonly recipe: Recipe
  /** Of this product; the image's tag. */
  readonly version: string
}

/** What the step leaves beside the archive, for the index. */
export type ImageRecord = {
  readonly tag: string
  readonly imageId: string
  readonly content: string
  readonly layers: readonly string[]
  /** Version and sha256 of each .deb in it. */
  readonly packages: Readonly<Record<string, string>>
}

export const imageStep = (language: string) => ({ name: `runtime-${language}`, tar: 'image.tar', record: 'image.json' })

export function createImageStep({ repository, recipe, version }: ImageSources): Step {
  const { language, program, nodeMounted } = recipe
  const { name, tar, record } = imageStep(language)
  return {
    name,
    inputs: async done => ({
      layers: lowerLayers(recipe, done)
        .map(({ diffId }) => diffId)
        .join(' '),
      recipe: hashText(JSON.stringify(recipe)),
      program: await hashProgram(recipe, createLocate(repository, done)),
      builder: await hashTree(repository, ['packer/runtimes']),
      version,
    }),
    outputs: [tar, record],
    async run({ dir, done }) {
      const file = join(dir, 'program.tar')
      await addProgram(join(dir, 'tree'), { program, nodeMounted, locate: createLocate(repository, done) })
      await writeLayer(join(dir, 'tree'), file, { isShipped: () => true, directoryModes: {} })
      const layers = [...lowerLayers(recipe, done), { diffId: await hashFile(file), file, createdBy: name }]
      const sets = await loadPackageSets(done)
      const image = planLabelled({ recipe, version, layers, sets })
      await writeDockerArchive(image, join(dir, tar))
      await writeFile(join(dir, record), `${JSON.stringify(planRecord(image, recipe, sets), undefined, 2)}\n`)
    },
  }
}

/** `dist/` stands for what the bundles step has made; all else is a file of the repository. */
function createLocate(repository: string, done: Done) {
  return (source: string): string =>
    source.startsWith('dist/') ? done.file(bundles.name, source.slice('dist/'.length)) : join(repository, source)
}

async function hashProgram({ program }: Recipe, locate: (source: string) => string): Promise<string> {
  const sources = Object.keys(program).sort()
  const hash = async (source: string) =>
    `${source} ${await hashTree(dirname(locate(source)), [basename(locate(source))])}`
  return hashText((await Promise.all(sources.map(hash))).join('\n'))
}

export async function loadImageRecord(done: Done, language: string): Promise<ImageRecord> {
  const { name, record } = imageStep(language)
  return JSON.parse(await readFile(done.file(name, record), 'utf8'))
}

function lowerLayers(recipe: Recipe, done: Done): Layer[] {
  const steps = [baseStep, ...(hasOwnLayer(recipe) ? [languageStep(recipe.language)] : [])]
  return steps.map(({ name, tar }) => ({ diffId: done.hash(name, tar), file: done.file(name, tar), createdBy: name }))
}

const labelPrefix = 'io.dispatchframework.solo.'
export const contentLabel = `${labelPrefix}content`

type Labelled = { recipe: Recipe; version: string; layers: readonly Layer[]; sets: PackageSets }

/** `content` stands for everything that is in the image: its layers, its command and its other labels. */
export function planLabelled({ recipe, version, layers, sets }: Labelled): DockerImage {
  const { language, nodeMounted, command } = recipe
  const labels = {
    [`${labelPrefix}language`]: language,
    [`${labelPrefix}protocol`]: '1',
    ...(nodeMounted ? { [`${labelPrefix}node`]: 'mounted' } : {}),
    [`${labelPrefix}packages`]: JSON.stringify(findLanguagePackages(recipe, sets)),
  }
  const tag = `dispatch-solo/${language}:${version}`
  const content = hashText(JSON.stringify([tag, layers.map(({ diffId }) => diffId), command, labels]))
  return { tag, command, labels: { ...labels, [contentLabel]: content }, layers }
}

function findLanguagePackages({ language, languagePackages }: Recipe, sets: PackageSets): Record<string, string> {
  const found = Object.values(sets).flat()
  const versions = Object.entries(languagePackages).map(([name, debianName]) => {
    const carrier = found.find(debianPackage => debianPackage.name === debianName)
    if (!carrier)
      throw new Error(`The ${language} recipe names ${debianName}, which none of its Debian packages brings`)
    return [name, parseUpstreamVersion(carrier.version)]
  })
  return Object.fromEntries(versions)
}

function planRecord(image: DockerImage, { language }: Recipe, sets: PackageSets): ImageRecord {
  const debs = [...(sets.base ?? []), ...(sets[language] ?? [])]
  const packages = debs.map(({ name, version, sha256 }) => [name, `${version} sha256:${sha256}`])
  return {
    tag: image.tag,
    imageId: planDockerImage(image).imageId,
    content: image.labels[contentLabel] ?? '',
    layers: image.layers.map(({ diffId }) => diffId),
    packages: Object.fromEntries(packages),
  }
}
