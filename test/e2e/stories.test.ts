/** The quickstart stories that existing users know, command by command, as far as this version goes. */
import { failures, helloPython, imageWithDependencies, nodeWithSecret } from './stories/functions.ts'
import { cleanup, driver, gateway, seedFile, subscription } from './stories/others.ts'
import { startStage, tell } from './stories/perform.ts'

startStage()
tell('story', [
  ...[helloPython, failures, nodeWithSecret, imageWithDependencies, gateway],
  ...[subscription, driver, seedFile, cleanup],
])
