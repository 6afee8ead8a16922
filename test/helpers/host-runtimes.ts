/** Runs the runtimes' real programs as processes of this machine, where Docker would run them in containers. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { RuntimeImage } from '../../server/core/execution.ts'
import type { ContainerSpec } from '../../server/docker/port.ts'
import { createFakeDocker, type FakeDocker } from './fake-docker.ts'

/** Names of images whose containers run the program of a language. */
export const hostImages = {
  python3: { dockerImage: 'host/python3:1', language: 'python3', contract: 'worker' },
  nodejs: { dockerImage: 'host/nodejs:1', language: 'nodejs', contract: 'worker' },
} satisfies Record<string, RuntimeImage>

const commands: Record<string, string[]> = {
  python3: ['python3', '-B', 'server/runtimes/python3/main.py'],
  nodejs: [process.execPath, 'server/runtimes/nodejs/main.ts', 'control'],
}

export function createHostDocker(): FakeDocker {
  const languages = new Map<string, string>()
  const docker = createFakeDocker((spec, end) => runOnHost(languages.get(spec.dockerImage) ?? '', spec, end))
  for (const { dockerImage, language } of Object.values(hostImages)) {
    const id = docker.addImage(dockerImage, {
      'io.dispatchframework.solo.language': language,
      'io.dispatchframework.solo.protocol': '1',
    })
    for (const reference of [dockerImage, id]) languages.set(reference, language)
  }
  return docker
}

/** As in a container, all processes end with the first one: a worker that is busy for ever does not notice by itself. */
const namespace = [
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
  ...['--pid', '--fork', '--kill-child'],
]

function runOnHost(language: string, spec: ContainerSpec, end: () => void): () => void {
  const program = spawn(
    'unshare',
    [
      ...namespace,
      ...(commands[language] ?? []),
      `${outsideOf(spec, '/run/dispatch')}/engine.sock`,
      outsideOf(spec, '/function'),
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...spec.env, PATH: process.env.PATH },
    },
  )
  program.on('exit', end)
  return () => kill(program)
}

const outsideOf = ({ mounts }: ContainerSpec, path: string): string =>
  mounts.find(mount => mount.path === path)?.hostPath ?? ''

function kill(program: ChildProcess): void {
  program.kill('SIGKILL')
}
