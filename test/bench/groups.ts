/** All groups of figures, in the order in which they are taken. */
import type { Group } from './figure.ts'
import { asked } from './figures/asked.ts'
import { cli } from './figures/cli.ts'
import { cold } from './figures/cold.ts'
import { create } from './figures/create.ts'
import { images } from './figures/images.ts'
import { java } from './figures/java.ts'
import { memory } from './figures/memory.ts'
import { neighbours } from './figures/neighbours.ts'
import { ova } from './figures/ova.ts'
import { parallel } from './figures/parallel.ts'
import { routes } from './figures/routes.ts'
import { runs } from './figures/runs.ts'
import { runtimeImages } from './figures/runtime-images.ts'
import { starts } from './figures/starts.ts'
import { storedFunctions } from './figures/stored-functions.ts'
import { storedRuns } from './figures/stored-runs.ts'
import { update } from './figures/update.ts'
import { wake } from './figures/wake.ts'

export const groups: readonly Group[] = [
  ...runs,
  asked,
  routes,
  update,
  cold,
  create,
  wake,
  parallel,
  neighbours,
  memory,
  storedFunctions,
  storedRuns,
  images,
  java,
  runtimeImages,
  ova,
  cli,
  starts,
]
