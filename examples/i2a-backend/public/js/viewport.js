// @ts-check
/** Keeps the page as high as what is visible: on phones the keyboard covers the rest without telling CSS. */

export const followViewport = () => {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const follow = () => {
    // While somebody zooms in, the visible part says nothing about the keyboard.
    if (visualViewport.scale > 1.01) return;
    document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
    scrollTo(0, 0);
  };
  visualViewport.addEventListener("resize", follow);
  follow();
};
