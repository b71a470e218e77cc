import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page runs under a policy that allows its own files alone: nothing is inlined, neither script nor picture. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});
