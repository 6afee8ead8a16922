/** Lets functions be TypeScript as it is. Node strips types itself; this finds imports as TypeScript does, and rewrites enums and the like. */
import { registerHooks, stripTypeScriptTypes } from 'node:module'

export const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path)

/** What a name may stand for, once no file has that name itself. */
export const typeScriptNames = (name: string): string[] => [
  `${name}.ts`,
  `${name}.mts`,
  `${name}.cts`,
  ...(/\.[cm]?js$/.test(name) ? [name.replace(/js$/, 'ts')] : []),
  `${name}/index.ts`,
]

/** To be called before the first file is loaded, and only for functions in TypeScript: each module then costs more. */
export function supportTypeScript(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context)
      } catch (thrown) {
        if (!/^\.{0,2}\//.test(specifier)) throw thrown
        for (const name of typeScriptNames(specifier)) {
          try {
            return next(name, context)
          } catch {
            // Nor is this one there.
          }
        }
        throw thrown
      }
    },
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (!isTypeScript(url) || !loaded.source) return loaded
      return { ...loaded, source: stripTypes(loaded.source.toString(), url) }
    },
  })
  process.setSourceMapsEnabled(true)
}

/** Stripped code keeps its lines; what is more than types has to be rewritten, and says where it was. */
function stripTypes(code: string, sourceUrl: string): string {
  try {
    return stripTypeScriptTypes(code)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'))
      throw thrown
    return stripTypeScriptTypes(code, { mode: 'transform', sourceMap: true, sourceUrl })
  }
}
