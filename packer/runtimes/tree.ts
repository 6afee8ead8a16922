/** Makes the directory trees that become layers: packages unpacked without running anything of theirs, our files added. */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Shell } from '../shell.ts'
import { baseFiles, baseLinks, commands } from './contents.ts'
import type { DebianPackage } from './packages.ts'
import type { Recipe } from './recipe.ts'

export type Unpacking = { readonly folder: string; readonly tree: string; readonly shell: Shell }

export async function unpackPackages(packages: readonly DebianPackage[], { folder, tree, shell }: Unpacking) {
  await mkdir(tree, { recursive: true })
  for (const { file } of packages) await shell.run(['dpkg-deb', '--extract', join(folder, file), tree])
}

/** What the shared packages' own scripts would have made: users, certificates in one file, busybox's commands. */
export async function addBaseFiles(tree: string): Promise<void> {
  const certificates = join(tree, 'usr/share/ca-certificates/mozilla')
  const names = (await readdir(certificates)).filter(name => name.endsWith('.crt')).sort()
  const texts = await Promise.all(names.map(name => readFile(join(certificates, name), 'utf8')))
  for (const [path, text] of Object.entries(baseFiles)) await writeAt(tree, path, text)
  await writeAt(tree, 'etc/ssl/certs/ca-certificates.crt', texts.join(''))
  for (const [path, target] of Object.entries(baseLinks)) await linkAt(tree, path, target)
  for (const name of commands) await linkAt(tree, join('usr/bin', name), 'busybox')
}

/**
 * Byte code for everything, so that no function's start compiles the library. The images' own interpreter makes it, by
 * its own loader; `unchecked-hash` keeps times out of it. The paths in it are those inside the image.
 */
export async function compilePython(tree: string, baseTree: string, shell: Shell): Promise<void> {
  const library = (root: string) => join(root, 'usr/lib/x86_64-linux-gnu')
  const loader = [
    join(baseTree, 'usr/lib64/ld-linux-x86-64.so.2'),
    '--library-path',
    `${library(baseTree)}:${library(tree)}`,
  ]
  const compile = ['-S', '-m', 'compileall', '-q', '-f', '--invalidation-mode', 'unchecked-hash', '-s', tree, '-p', '/']
  const skip = ['-x', '/(test|idlelib|lib2to3)/']
  const names = (await readdir(join(tree, 'usr/lib'))).filter(name => /^python3(\.\d+)?$/.test(name)).sort()
  const folders = names.map(name => join(tree, 'usr/lib', name))
  await shell.run([...loader, join(tree, 'usr/bin/python3'), ...compile, ...skip, ...folders], {
    env: { PYTHONHOME: join(tree, 'usr'), PYTHONHASHSEED: '0' },
  })
}

export type Program = Pick<Recipe, 'program' | 'nodeMounted'> & {
  /** Where a file lies that the recipe names. */
  readonly locate: (source: string) => string
}

/** The runtime's own files, and the empty file that the server mounts its Node binary over. */
export async function addProgram(tree: string, { program, nodeMounted, locate }: Program): Promise<void> {
  for (const [source, target] of Object.entries(program)) {
    await mkdir(dirname(join(tree, target)), { recursive: true })
    await cp(locate(source), join(tree, target))
  }
  if (nodeMounted) await writeAt(tree, 'usr/bin/node', '')
}

async function writeAt(tree: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), text)
}

async function linkAt(tree: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await symlink(target, join(tree, path))
}
