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
  return {
    isSet: () => isSet,
    async set(wanted) {
      if (wanted === isSet) return
      await files.write(wanted ? planSecretFile({ path, text: `${why}\n`, why }) : planAbsent(path, why))
      isSet = wanted
    },
  }
}
