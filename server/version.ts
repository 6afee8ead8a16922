/** What this server is: set when it is bundled, read from the checkout when it runs from source. */
import manifest from '../package.json' with { type: 'json' }

declare const DISPATCH_COMMIT: string
declare const DISPATCH_BUILD_DATE: string

/** The shape that clients decode: every member is a string and always present. */
export interface Version {
  version: string
  commit: string
  buildDate: string
  goVersion: string
  compiler: string
  platform: string
}

export const packageVersion: string = manifest.version

export const version: Version = {
  version: `v${manifest.version}-solo`,
  commit: typeof DISPATCH_COMMIT === 'string' ? DISPATCH_COMMIT : 'source',
  buildDate: typeof DISPATCH_BUILD_DATE === 'string' ? DISPATCH_BUILD_DATE : '1970-01-01T00:00:00Z',
  goVersion: `node${process.versions.node}`,
  compiler: 'v8',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}
