import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run web` serves the app with instant reload beside a room that runs already: `npx opsroom start`.
const room = process.env['OPSROOM_URL'] ?? 'http://127.0.0.1:4310';

export default defineConfig({
  root: 'web',
  plugins: [react()],
  html: { cspNonce: '__NONCE__' }, // the room puts the nonce of each answer in its place: src/server/web.ts
  resolve: { conditions: ['opsroom-source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  // The room answers a page of its own origin only.
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/auth', '/healthz', '/metrics'].map((path) => [
        path,
        { target: room, changeOrigin: true, headers: { origin: room } },
      ]),
    ),
  },
});
