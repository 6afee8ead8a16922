/** Runs the runtimes' real programs as processes of this machine, where Docker would run them in containers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Recipe } from '../../packer/runtimes/recipe.ts'
import type { RuntimeImage } from '../../server/core/execution.ts'
import type { ContainerSpec } from '../../server/docker/port.ts'
import { createFakeDocker, type FakeDocker } from './fake-docker.ts'

/** Its containers run the program of the language. */
export const hostImage = (language: string): RuntimeImage => ({
  dockerImage: `host/${language}:1`,
  language,
  contract: 'worker',
})

export const hostImages = { python3: hostImage('python3'), nodejs: hostImage('nodejs') }

const runtimes = 'server/runtimes'
const languages = readdirSync(runtimes).filter(folder => existsSync(join(runtimes, folder, 'recipe.json')))

/** The command of the language's recipe, with the files of this repository in place of those in the image. */
function commandOf(language: string): string[] {
  const { command, program }: Pick<Recipe, 'command' | 'program'> = JSON.parse(
    readFileSync(join(runtimes, language, 'recipe.json'), 'utf8'),
  )
  const places = Object.entries({ ...program, [process.execPath]: '/usr/bin/node' })
  return command.map(word => places.reduce((text, [source, place]) => text.replace(place, sourceOf(source)), word))
}

/** Bundles run from their sources. */
const sourceOf = (file: string): string => resolve(file.replace(/^dist\/(.*)\.cjs$/, 'server/$1.ts'))

export function createHostDocker(): FakeDocker {
  const commands = new Map<string, string[]>()
  const docker = createFakeDocker((spec, end) => runOnHost(commands.get(spec.dockerImage) ?? [], spec, end))
  for (const { dockerImage, language } of languages.map(hostImage)) {
    const id = docker.addImage(dockerImage, {
      'io.dispatchframework.solo.language': language,
      'io.dispatchframework.solo.protocol': '1',
    })
    for (const reference of [dockerImage, id]) commands.set(reference, commandOf(language))
  }
  return docker
}

/** As in a container, all processes end with the first one: a worker that is busy for ever does not notice by itself. */
const namespace = [
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
  ...['--pid', '--fork', '--kill-child'],
]

function runOnHost(command: string[], spec: ContainerSpec, end: () => void): () => void {
  const program = spawn('unshare', [...namespace, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...spec.env,
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      DISPATCH_ENGINE: `${outsideOf(spec, '/run/dispatch')}/engine.sock`,
      DISPATCH_FUNCTION: outsideOf(spec, '/function'),
    },
  })
  program.on('exit', () => end())
  return () => kill(program)
}

const outsideOf = ({ mounts }: ContainerSpec, path: string): string =>
  mounts.find(mount => mount.path === path)?.hostPath ?? ''

function kill(program: ChildProcess): void {
  program.kill('SIGKILL')
}
