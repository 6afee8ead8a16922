/** Owns `init`: a folder with a function that runs as it is. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { defineCommand, exactly } from '../command.ts'
import { functionFile } from '../documents/function-file.ts'
import { describeFileError, Failure } from '../failure.ts'
import { renderYaml } from '../format/yaml.ts'
import { loadTemplates } from '../templates.ts'

const templates = loadTemplates()
const languages = Object.keys(templates).sort()

interface NewFunction {
  readonly language: string
  readonly name: string
  readonly image: string
}

/** Content by file name. */
function planFiles({ language, name, image }: NewFunction): Readonly<Record<string, string>> {
  const template = templates[language]
  if (template === undefined)
    throw new Failure(`no template for ${JSON.stringify(language)}: use one of ${languages.join(', ')}`)
  const { handler, files } = template
  const document = { kind: 'Function', name, image, handler, sourcePath: '.' }
  return { ...files, [functionFile]: renderYaml(document), '.dispatchignore': `${functionFile}\n` }
}

/** Nothing is written over, and nothing is written when one file is there already. */
async function writeFiles(folder: string, files: Readonly<Record<string, string>>, cwd: string): Promise<string[]> {
  const paths = Object.keys(files).map(name => join(folder, name))
  for (const path of paths) {
    const isThere = await stat(resolve(cwd, path)).then(
      () => true,
      () => false,
    )
    if (isThere) throw new Failure(`${path} is there already; choose another folder, or move it away`)
  }
  try {
    await mkdir(resolve(cwd, folder), { recursive: true })
    for (const [name, content] of Object.entries(files))
      await writeFile(resolve(cwd, folder, name), content, {
        flag: 'wx',
        mode: content.startsWith('#!') ? 0o777 : 0o666,
      })
  } catch (thrown) {
    throw new Failure(describeFileError(thrown, 'write', folder))
  }
  return paths
}

/** Of what a name may have. */
const nameFrom = (folder: string): string =>
  basename(folder)
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')

export const command = defineCommand({
  usage: 'LANGUAGE DIR',
  description: `Make a folder with a new function: code, and a ${functionFile} that "dispatch dev DIR" and "dispatch apply -f ${functionFile} -w DIR" take.`,
  examples: ['dispatch init python3 hello', 'dispatch init nodejs . --name hello'],
  arity: exactly(2),
  completes: [languages],
  flags: {
    name: { kind: 'text', value: 'NAME', summary: 'name of the function; without, that of the folder' },
    image: {
      kind: 'text',
      value: 'IMAGE',
      completes: 'Image',
      summary: 'image it runs on; without, that of the language',
    },
  },
  async run({ args: [language = '', folder = ''], flags, session, io }) {
    if (folder === '') throw new Failure('a folder must have a name')
    const name = flags.name || nameFrom(resolve(io.cwd, folder))
    if (name === '') throw new Failure(`${folder} gives no name for a function; say one with --name`)
    const files = planFiles({ language, name, image: flags.image || language })
    for (const path of await writeFiles(folder, files, io.cwd)) session.report(`Created ${path}`)
    session.note(`Try it with: dispatch dev ${folder}`)
    return 0
  },
})
