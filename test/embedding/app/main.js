import { runJob } from './run-job.js'

window.runJob = runJob
