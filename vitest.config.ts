import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{protocol,document,persistence,server,client}/test/**/*.test.ts'],
    // Storage and socket tests wait for real disks; a hang still ends.
    testTimeout: 30_000,
  },
})
