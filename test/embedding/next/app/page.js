'use client'
import { useEffect } from 'react'
import { runJob } from '../run-job.js'

export default function Page() {
  useEffect(() => {
    window.runJob = runJob
  }, [])
  return <p>embedding</p>
}
