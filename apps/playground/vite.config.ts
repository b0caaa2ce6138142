import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { conditions: ['@chimera-nn/source', 'module', 'browser', 'development|production'] },
});
