/** What the servers of packages answer: each package as its own tool wants it, by path. Nothing comes from a network. */
import { createHash } from 'node:crypto'
import { type Files, type JavaClass, renderAr, renderClass, renderTarGz, renderZip } from './package-index-formats.ts'

export interface PipPackage {
  name: string
  version: string
  /** Below site-packages. */
  files: Files
  /** As in METADATA: `other>=1.0`. */
  requires?: string[]
}

export interface NpmPackage {
  name: string
  version: string
  /** Beside its package.json. */
  files: Files
  dependencies?: Record<string, string>
  scripts?: Record<string, string>
}

export interface MavenArtifact {
  group: string
  artifact: string
  version: string
  classes?: JavaClass[]
  /** Elements of the pom.xml below `project`, such as `<parent>` and `<dependencies>`. */
  pom?: string
  packaging?: 'jar' | 'pom'
}

export interface DebianPackage {
  name: string
  version: string
  /** From the root, in directories that are there; those below usr/bin are executable. */
  files: Files
  depends?: string
  /** Maintainer scripts by name: postinst, preinst. */
  scripts?: Record<string, string>
}

export interface Packages {
  pip?: PipPackage[]
  npm?: NpmPackage[]
  maven?: MavenArtifact[]
  debian?: DebianPackage[]
}

const digest = (algorithm: string, content: Buffer | string, encoding: 'hex' | 'base64' | 'base64url' = 'hex') =>
  createHash(algorithm).update(content).digest(encoding)

function renderWheel({ name, version, files, requires = [] }: PipPackage): { file: string; wheel: Buffer } {
  const stem = `${name.replaceAll('-', '_')}-${version}`
  const lines = (...all: string[]) => `${all.join('\n')}\n`
  const required = requires.map(text => `Requires-Dist: ${text}`)
  const contents: Files = {
    ...files,
    [`${stem}.dist-info/METADATA`]: lines('Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, ...required),
    [`${stem}.dist-info/WHEEL`]: lines('Wheel-Version: 1.0', 'Root-Is-Purelib: true', 'Tag: py3-none-any'),
  }
  const rows = Object.entries(contents).map(
    ([path, content]) => `${path},sha256=${digest('sha256', content, 'base64url')},${Buffer.byteLength(content)}`,
  )
  const record = `${stem}.dist-info/RECORD`
  return {
    file: `${stem}-py3-none-any.whl`,
    wheel: renderZip({ ...contents, [record]: lines(...rows, `${record},,`) }),
  }
}

const byName = <Named extends { name: string }>(all: Named[]): [string, Named[]][] =>
  Object.entries(Object.groupBy(all, ({ name }) => name)).map(([name, group = []]) => [name, group])

/** A simple index (PEP 503). */
export function renderPip(packages: PipPackage[]): Files {
  return Object.fromEntries(
    byName(packages).flatMap(([name, versions]) => {
      const wheels = versions.map(renderWheel)
      const folder = `/pip/simple/${name.toLowerCase().replaceAll(/[-_.]+/g, '-')}/`
      const links = wheels.map(({ file, wheel }) => `<a href="${file}#sha256=${digest('sha256', wheel)}">${file}</a>`)
      const page = `<!DOCTYPE html><html><body>${links.join('<br>')}</body></html>`
      return [[folder, page] as const, ...wheels.map(({ file, wheel }) => [folder + file, wheel] as const)]
    }),
  )
}

/** `url`: of the server. */
export async function renderNpm(packages: NpmPackage[], url: string): Promise<Files> {
  const files: Files = {}
  for (const [name, versions] of byName(packages)) {
    const shown: Record<string, unknown> = {}
    for (const { files: own, ...manifest } of versions) {
      const contents = { 'package.json': JSON.stringify(manifest), ...own }
      const entries = Object.entries(contents).map(([path, content]) => [`package/${path}`, content])
      const tarball = await renderTarGz(Object.fromEntries(entries))
      const path = `/npm/${name}/-/${name.replace(/^.*\//, '')}-${manifest.version}.tgz`
      files[path] = tarball
      const dist = { tarball: url + path, integrity: `sha512-${digest('sha512', tarball, 'base64')}` }
      shown[manifest.version] = { ...manifest, dist }
    }
    const latest = versions.at(-1)?.version
    files[`/npm/${name}`] = JSON.stringify({ name, 'dist-tags': { latest }, versions: shown })
  }
  return files
}

/** A directory as Maven's default layout has it, with the checksums that its readers look for. */
export function renderMaven(artifacts: MavenArtifact[]): Files {
  const files: Files = {}
  for (const { group, artifact, version, classes = [], pom = '', packaging = 'jar' } of artifacts) {
    const stem = `/maven/${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}`
    const coordinates = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`
    files[`${stem}.pom`] =
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>${coordinates}<packaging>${packaging}</packaging>${pom}</project>`
    const contents = classes.map(each => [`${each.className.replaceAll('.', '/')}.class`, renderClass(each)])
    if (packaging === 'jar') files[`${stem}.jar`] = renderZip(Object.fromEntries(contents))
  }
  const checksums = Object.entries(files).map(([path, content]) => [`${path}.sha1`, digest('sha1', content)])
  return { ...files, ...Object.fromEntries(checksums) }
}

async function renderDeb({ name, version, files, depends, scripts = {} }: DebianPackage) {
  const control = `Package: ${name}
Version: ${version}
Architecture: all
Maintainer: Tests <tests@example.org>
${depends === undefined ? '' : `Depends: ${depends}\n`}Description: made for a test
`
  const executable = (paths: string[]) => Object.fromEntries(paths.map(path => [path, 0o755]))
  const placed = Object.fromEntries(Object.entries(files).map(([path, content]) => [`./${path}`, content]))
  const programs = Object.keys(placed).filter(path => path.startsWith('./usr/bin/'))
  const deb = renderAr({
    'debian-binary': '2.0\n',
    'control.tar.gz': await renderTarGz({ control, ...scripts }, executable(Object.keys(scripts))),
    'data.tar.gz': await renderTarGz(placed, executable(programs)),
  })
  return { control, file: `${name}_${version}_all.deb`, deb }
}

/** A flat repository: `deb [trusted=yes] URL/debian ./`. */
export async function renderDebian(packages: DebianPackage[]): Promise<Files> {
  const debs = await Promise.all(packages.map(renderDeb))
  const paragraphs = debs.map(
    ({ control, file, deb }) =>
      `${control}Filename: ./${file}\nSize: ${deb.length}\nSHA256: ${digest('sha256', deb)}\n`,
  )
  const list = paragraphs.join('\n')
  const release = `Date: Thu, 01 Jan 1970 00:00:00 UTC\nSHA256:\n ${digest('sha256', list)} ${Buffer.byteLength(list)} Packages\n`
  const files = Object.fromEntries(debs.map(({ file, deb }) => [`/debian/${file}`, deb]))
  return { ...files, '/debian/Packages': list, '/debian/Release': release }
}
