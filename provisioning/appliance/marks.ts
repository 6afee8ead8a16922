/** What an appliance remembers of itself by files that are there or not: that it is claimed, that SSH is switched off. */
import type { Files } from '../firstboot/files.ts'
import { planAbsent, planSecretFile } from '../firstboot/plan/step.ts'

export interface Mark {
  isSet(): boolean
  /** On disk when it resolves. */
  set(isSet: boolean): Promise<void>
}

export async function openMark(files: Files, path: string, why: string): Promise<Mark> {
  let isSet = (await files.read(path)) !== undefined

  /** What could not be made durable may be there all the same, and would count after the next power-on. */
  async function write(): Promise<void> {
    try {
      await files.write(planSecretFile({ path, text: `${why}\n`, why }))
    } catch (thrown) {
      await files.write(planAbsent(path, why)).catch(() => undefined)
      throw thrown
    }
  }

  return {
    isSet: () => isSet,
    async set(wanted) {
      if (wanted === isSet) return
      if (wanted) await write()
      else await files.write(planAbsent(path, why))
      isSet = wanted
    },
  }
}
