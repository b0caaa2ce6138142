import { defineConfig } from 'vite';

// WebAssembly threads need a cross-origin isolated page.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  // Relative, so that what is built can be served from any folder.
  base: './',
  resolve: { conditions: ['@chimera-nn/source', 'module', 'browser', 'development|production'] },
  // Its modules find their WebAssembly beside themselves, which bundling them in advance would break.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: {
    // ONNX Runtime waits for its WebAssembly at the top of its modules.
    target: 'esnext',
    // Printed blocks show the names of their classes.
    rolldownOptions: { output: { keepNames: true } },
    chunkSizeWarningLimit: 1500,
  },
  server: { headers },
  preview: { headers },
});
