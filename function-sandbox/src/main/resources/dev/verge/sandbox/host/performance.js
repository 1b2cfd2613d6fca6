// Performance (High Resolution Time §7). Marks and measures are a part that is loaded when used.

class Performance extends EventTarget {
  #made = true;
  constructor(key = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    super();
  }
  get timeOrigin() { void this.#made; return startMillis; }
  now() { void this.#made; return performanceNow(); }
  toJSON() { void this.#made; return { timeOrigin: startMillis }; }
  mark(markName, markOptions = undefined) {
    void this.#made;
    needs(arguments.length, 1, 'mark');
    return part('timing').mark(`${markName}`, markOptions);
  }
  measure(measureName, startOrMeasureOptions = undefined, endMark = undefined) {
    void this.#made;
    needs(arguments.length, 1, 'measure');
    return part('timing').measure(`${measureName}`, startOrMeasureOptions, endMark);
  }
  clearMarks(markName = undefined) { void this.#made; part('timing').clear('mark', markName); }
  clearMeasures(measureName = undefined) { void this.#made; part('timing').clear('measure', measureName); }
  getEntries() { void this.#made; return part('timing').entries(); }
  getEntriesByType(type) { void this.#made; needs(arguments.length, 1, 'getEntriesByType'); return part('timing').entries(undefined, `${type}`); }
  getEntriesByName(name, type = undefined) {
    void this.#made;
    needs(arguments.length, 1, 'getEntriesByName');
    return part('timing').entries(`${name}`, type === undefined ? undefined : `${type}`);
  }
}
tag(Performance, 'Performance');
const performance = new Performance(internal);
