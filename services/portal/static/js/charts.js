// Draws every element with data-chart from the JSON beside it; colours come from the style sheet.
"use strict";

(() => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const tone = (number) => colour(`tone-${number}`);
  const ink = colour("ink");
  const soft = colour("ink-soft");
  const line = colour("line");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const text = { fontFamily: style.getPropertyValue("--sans"), color: soft, fontSize: 13 };

  const base = () => ({
    animation: !calm,
    animationDuration: 500,
    textStyle: text,
    // The default tooltip writes style attributes, which the content security policy refuses.
    tooltip: { renderMode: "richText", confine: true, borderColor: line, textStyle: { ...text, color: ink } },
  });
  const quietAxis = { axisLine: { show: false }, axisTick: { show: false } };

  function band(data, width) {
    const last = data.bands.length - 1;
    const end = data.bands[last].max + 1;
    const segments = data.bands.map((each, index) => ({
      type: "bar", stack: "bands", silent: true, barWidth: 16, data: [each.max - each.min + 1],
      itemStyle: {
        color: tone(each.tone),
        borderColor: colour("surface"), borderWidth: 1,
        borderRadius: index === 0 ? [8, 0, 0, 8] : index === last ? [0, 8, 8, 0] : 0,
      },
      label: {
        show: true, position: "bottom", distance: 10, formatter: each.title, color: soft, fontSize: 12, lineHeight: 15,
        width: (width / end) * (each.max - each.min + 1) - 4, overflow: "break",
      },
    }));
    const marker = {
      type: "scatter", symbol: "pin", symbolSize: 44, symbolOffset: [0, -8], silent: true, z: 5,
      itemStyle: { color: colour("pine-deep") }, data: [[data.value + 0.5, 0]],
      label: { show: true, formatter: String(data.value), color: "#fff", fontWeight: 700, fontSize: 14 },
    };
    return {
      ...base(), tooltip: { show: false },
      grid: { left: 6, right: 6, top: 44, bottom: 44 },
      xAxis: { type: "value", min: 0, max: end, show: false },
      yAxis: { type: "category", data: [""], show: false },
      series: [...segments, marker],
    };
  }

  function trend(data) {
    const top = data.bands.length ? data.bands[data.bands.length - 1].max : null;
    const areas = data.bands.map((each, index) => [
      { yAxis: index === 0 ? 0 : each.min - 0.5, itemStyle: { color: tone(each.tone), opacity: 0.13 } },
      { yAxis: index === data.bands.length - 1 ? each.max : each.max + 0.5 },
    ]);
    return {
      ...base(),
      tooltip: { ...base().tooltip, trigger: "axis" },
      grid: { left: 34, right: 14, top: 16, bottom: 30 },
      xAxis: { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft } },
      yAxis: { type: "value", min: 0, max: top, ...quietAxis, splitLine: { lineStyle: { color: line, opacity: 0.6 } }, axisLabel: { color: soft } },
      series: [{
        type: "line", data: data.values, symbol: "circle", symbolSize: 10, lineStyle: { width: 3, color: colour("pine") },
        itemStyle: { color: colour("pine"), borderColor: "#fff", borderWidth: 2 }, markArea: { silent: true, data: areas },
      }],
    };
  }

  function bars(data) {
    return {
      ...base(),
      grid: { left: 8, right: 8, top: 28, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft, interval: 0, fontSize: 12, width: 64, overflow: "break" } },
      yAxis: { type: "value", minInterval: 1, ...quietAxis, splitLine: { lineStyle: { color: line, opacity: 0.7 } }, axisLabel: { color: soft } },
      series: [{
        type: "bar", barMaxWidth: 46,
        data: data.values.map((value, index) => ({ value, itemStyle: { color: tone(data.tones[index]), borderRadius: [6, 6, 0, 0] } })),
        label: { show: true, position: "top", color: ink, fontWeight: 600 },
      }],
    };
  }

  function targets(data, width) {
    const shown = data.values.map((value) => (value === null ? 0 : value));
    const narrow = width < 520;
    return {
      ...base(), tooltip: { show: false },
      grid: { left: 4, right: 52, top: narrow ? 16 : 8, bottom: 8, containLabel: !narrow },
      xAxis: { type: "value", min: 0, max: Math.max(100, ...shown), show: false },
      yAxis: {
        type: "category", inverse: true, data: data.labels, ...quietAxis,
        axisLabel: narrow
          ? { inside: true, margin: 0, align: "left", verticalAlign: "bottom", padding: [0, 0, 13, 0], color: ink }
          : { color: ink, width: 180, overflow: "break" },
        z: 5,
      },
      series: [{
        type: "bar", barWidth: 12, showBackground: true, backgroundStyle: { color: colour("sunken"), borderRadius: 6 },
        data: data.values.map((value, index) => ({
          value: value === null ? 0 : value,
          itemStyle: { borderRadius: 6, color: ["warm", "alarm"].includes(data.tones[index]) ? tone(2) : colour("pine") },
          label: { show: true, position: "right", color: ink, formatter: value === null ? "–" : `${value}%` },
        })),
      }],
    };
  }

  function months(data, width) {
    const rows = width < 520 ? Math.ceil(data.lines.length / 2) : 1;
    const colours = [colour("pine"), tone(2), colour("sky")];
    const axis = { axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft } };
    return {
      ...base(),
      color: colours,
      tooltip: { ...base().tooltip, trigger: "axis" },
      legend: { top: 0, left: 0, icon: "circle", itemGap: 18, textStyle: { color: ink, fontSize: 13 } },
      grid: { left: 8, right: 14, top: 20 + 26 * rows, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: data.labels, ...axis },
      yAxis: { type: "value", minInterval: 1, ...quietAxis, splitLine: { lineStyle: { color: line, opacity: 0.7 } }, axisLabel: { color: soft } },
      series: data.lines.map((each) => ({ type: "line", name: each.title, data: each.values, symbol: "circle", symbolSize: 8, lineStyle: { width: 3 } })),
    };
  }

  const kinds = { band, trend, bars, targets, months };

  function draw(element) {
    const data = JSON.parse(element.dataset.chartData);
    if (element.dataset.chart === "targets") {
      element.classList.add(`rows-${Math.min(20, data.labels.length)}`);
    }
    const chart = echarts.init(element, null, { renderer: "canvas" });
    const fill = () => chart.setOption(kinds[element.dataset.chart](data, element.clientWidth), true);
    fill();
    new ResizeObserver(() => { chart.resize(); fill(); }).observe(element);
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
