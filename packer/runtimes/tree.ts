/** Makes the directory trees that become layers: packages unpacked without running anything of theirs, our files added. */
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Shell } from '../shell.ts'
import { alternatives, baseLinks, commands, copiedFiles } from './contents.ts'
import type { UnpackedPackage } from './dpkg-database.ts'
import type { DebianPackage } from './packages.ts'
import type { Recipe } from './recipe.ts'

/** A link that leads on inside the same folder would otherwise lead to the folder where it was copied from. */
const asWritten = { recursive: true, verbatimSymlinks: true } as const

export type Unpacking = { readonly folder: string; readonly tree: string; readonly shell: Shell }

export async function unpackPackages(
  packages: readonly DebianPackage[],
  { folder, tree, shell }: Unpacking,
): Promise<UnpackedPackage[]> {
  await mkdir(tree, { recursive: true })
  const unpacked: UnpackedPackage[] = []
  for (const { file: name } of packages) {
    const file = join(folder, name)
    unpacked.push({
      file,
      paths: await shell.run(['dpkg-deb', '--vextract', file, tree], { env: { LC_ALL: 'C.UTF-8' } }),
    })
  }
  return unpacked
}

export type BaseTree = { readonly tree: string; readonly rootfs: string; readonly shell: Shell }

/** What the shared packages' own scripts would have made, and our files, which replace those of packages. */
export async function addBaseFiles({ tree, rootfs, shell }: BaseTree): Promise<void> {
  for (const [path, source] of Object.entries(copiedFiles)) await copyAt(tree, path, join(tree, source))
  await addCertificates(tree)
  await cp(rootfs, tree, asWritten)
  for (const [path, target] of Object.entries(baseLinks)) await linkAt(tree, path, target)
  for (const alternative of alternatives) await shell.run(['update-alternatives', '--root', tree, ...alternative])
  // It holds times.
  await rm(join(tree, 'var/log/alternatives.log'))
  const present = new Set(await readdir(join(tree, 'usr/bin')))
  for (const name of commands.filter(name => !present.has(name))) await linkAt(tree, join('usr/bin', name), 'busybox')
}

/** All of them in one file, and the list by which update-ca-certificates makes it anew. */
async function addCertificates(tree: string): Promise<void> {
  const certificates = join(tree, 'usr/share/ca-certificates')
  const names = (await readdir(join(certificates, 'mozilla'))).filter(name => name.endsWith('.crt')).sort()
  const texts = await Promise.all(names.map(name => readFile(join(certificates, 'mozilla', name), 'utf8')))
  await writeAt(tree, 'etc/ssl/certs/ca-certificates.crt', texts.join(''))
  await writeAt(tree, 'etc/ca-certificates.conf', names.map(name => `mozilla/${name}\n`).join(''))
}

export type Program = Pick<Recipe, 'program' | 'nodeMounted'> & {
  /** Where a file or folder lies that the recipe names. */
  readonly locate: (source: string) => string
}

/** The runtime's own files, and the empty file that the server mounts its Node binary over. */
export async function addProgram(tree: string, { program, nodeMounted, locate }: Program): Promise<void> {
  for (const [source, target] of Object.entries(program)) await copyAt(tree, target, locate(source))
  if (nodeMounted) await writeAt(tree, 'usr/bin/node', '')
}

async function copyAt(tree: string, path: string, source: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await cp(source, join(tree, path), asWritten)
}

async function writeAt(tree: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), text)
}

async function linkAt(tree: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await symlink(target, join(tree, path))
}
