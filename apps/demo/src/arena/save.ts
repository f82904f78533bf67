/** A value as a JSON file that the visitor keeps; with when it was made, and by which browser. Nothing is sent anywhere. */
export function save(name: string, value: object): void {
  const made = { made: new Date().toISOString(), browser: navigator.userAgent, ...value };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(made, undefined, 1)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
