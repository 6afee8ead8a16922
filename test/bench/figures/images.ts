/** Images with one package: built anew beside a plain `docker build` of the same, and made of content that is there. */
import { startPackageIndex } from '../../helpers/package-index.ts'
import type { Figure, Group, Measurement } from '../figure.ts'
import { openBuild } from '../floors/docker-build.ts'
import type { Language } from '../functions.ts'
import { type Rest, reachReady, timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'

const rounds = 5
const cachedARound = 10

const openIndex = oncePerScope((scope: Scope) =>
  startPackageIndex(
    { teardown: undo => scope.defer(undo) },
    {
      pip: [{ name: 'polite', version: '1.0', files: { 'polite.py': 'def hello(): return "hello"\n' } }],
      npm: [{ name: 'polite', version: '1.0.0', files: { 'index.js': 'exports.hello = () => "hello"\n' } }],
    },
  ),
)

const openServer = oncePerScope(async (scope: Scope) => {
  const { pipIndexUrl, npmRegistry } = await openIndex(scope)
  return startBenchServer(scope, { args: ['--pip-index-url', pipIndexUrl, '--npm-registry', npmRegistry] })
})

/** From the POST to READY. */
async function timeImage(rest: Rest, name: string, { language, manifest }: Asked): Promise<number> {
  const body = { name, baseImageName: `${language}-base`, runtimeDependencies: { manifest } }
  return timeMs(async () => {
    await rest.send('POST', '/v1/image', body)
    await reachReady(rest, `/v1/image/${name}`)
  })
}

interface Asked {
  language: Language
  manifest: string
}

interface Tool {
  language: Language
  /** Of the server, and its name in the settings that the install program reads. */
  setting: 'pipIndexUrl' | 'npmRegistry'
  /** A text that was not built before for each number. */
  manifest(number: number): string
}

const tools: Record<string, Tool> = {
  pip: { language: 'python3', setting: 'pipIndexUrl', manifest: number => `polite==1.0\n# ${number}\n` },
  npm: {
    language: 'nodejs',
    setting: 'npmRegistry',
    manifest: number => JSON.stringify({ version: `1.0.${number}`, dependencies: { polite: '1.0.0' } }),
  },
}

const builtAnew = ([name, { language, setting, manifest }]: [string, Tool]): Measurement => {
  const floor: Figure = {
    name: `floor.build.${name}`,
    unit: 'ms',
    about: `docker build that installs one package by ${name}`,
  }
  const built: Figure = {
    name: `image.build.${name}`,
    unit: 'ms',
    about: `POST of an image with the same package to READY`,
    bars: [{ atMost: 1.3, times: floor.name }],
  }
  return {
    figures: [floor, built],
    prepare: async scope => {
      const { rest } = await openServer(scope)
      const index = await openIndex(scope)
      const timeBuild = await openBuild(scope, { language, settings: { [setting]: index[setting] } })
      let count = 0
      return async () => {
        count += 1
        const image = `${name}-${count}`
        const plainMs = await timeBuild(manifest(count))
        await settle()
        return {
          [floor.name]: plainMs,
          [built.name]: await timeImage(rest, image, { language, manifest: manifest(count) }),
        }
      }
    },
  }
}

const cached: Figure = {
  name: 'image.create.cached',
  unit: 'ms',
  about: 'POST of an image, whose packages another image has already, to READY',
  statistic: 'p50',
  bars: [{ atMost: 60 }],
}

const fromCache: Measurement = {
  figures: [cached],
  prepare: async scope => {
    const { rest } = await openServer(scope)
    const asked: Asked = { language: 'python3', manifest: 'polite==1.0\n' }
    await timeImage(rest, 'first', asked)
    let count = 0
    return async () => {
      const samples: number[] = []
      while (samples.length < cachedARound) {
        await settle()
        count += 1
        samples.push(await timeImage(rest, `cached-${count}`, asked))
        await rest.send('DELETE', `/v1/image/cached-${count}`)
      }
      return { [cached.name]: samples }
    }
  },
}

export const images: Group = {
  name: 'images',
  rounds,
  measurements: [...Object.entries(tools).map(builtAnew), fromCache],
}
