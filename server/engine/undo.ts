/** Remembers how to take back what was done, so that a start that fails half-way leaves nothing. */

export type UndoStep = () => void | Promise<void>

export interface Undo {
  /** A step that comes after `run` is taken back at once: what it belongs to was still under way. */
  add(step: UndoStep): Promise<void>
  /** Takes back the last step first; harmless when done already. */
  run(): Promise<void>
}

export function createUndo(): Undo {
  const steps: UndoStep[] = []
  let running: Promise<void> | undefined

  async function takeBack(): Promise<void> {
    for (let step = steps.pop(); step; step = steps.pop()) await step()
  }

  return {
    add: async step => {
      if (running) return await step()
      steps.push(step)
    },
    run: () => {
      running ??= takeBack()
      return running
    },
  }
}
