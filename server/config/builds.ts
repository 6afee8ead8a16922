/** How packages are installed into images, as the configuration says it. */
import { resolve } from 'node:path'
import { mebibyte } from '../engine/options.ts'
import type { BuildLimits, BuildSettings } from '../images/build-container.ts'
import type { Values } from './keys.ts'
import { parseDurationMs } from './values.ts'

export interface BuildConfig {
  readonly atOnce: number
  readonly limits: Readonly<BuildLimits>
  readonly settings: Readonly<BuildSettings>
  /** Absolute; undefined: packages' servers are known by what the image has. */
  readonly caFile: string | undefined
}

export function parseBuilds(values: Values, cwd: string): BuildConfig {
  const settings: Record<keyof BuildSettings, string> = {
    pipIndexUrl: values['pip-index-url'],
    npmRegistry: values['npm-registry'],
    mavenRepository: values['maven-repository'],
    debianMirror: values['debian-sources'],
    proxy: values['build-proxy'],
  }
  return Object.freeze({
    atOnce: values['builds-at-once'],
    limits: Object.freeze({
      timeoutMs: parseDurationMs(values['build-timeout']) ?? 0,
      memoryBytes: values['build-memory'] * mebibyte,
      diskBytes: values['build-disk'] * mebibyte,
    }),
    settings: Object.freeze(Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''))),
    caFile: values['build-ca-file'] ? resolve(cwd, values['build-ca-file']) : undefined,
  })
}
