#!/usr/bin/env bash
# china-division (npm), the yearly lists of statistical division codes: from the list of 2021 (2.5.0)
# to that of 2022 (2.6.1) three towns of 开平区 exchange their codes in a ring, villages and all. A
# panel that joins the lists by code puts each town's later years behind another town's earlier ones;
# no column of the package says so. The name alone tells, and what villages stand under the code.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 2.5.0 2.6.1; do
  npm pack --silent "china-division@$version" >/dev/null
  mkdir "$version"
  tar -xzf "china-division-$version.tgz" -C "$version" package/dist/streets.csv package/dist/villages.csv
done
towns() { grep -hE '^"?13020510[245]"?,' "$1/package/dist/streets.csv" | tr -d '"' | cut -d, -f1,2 | sort; }
villages() { tr -d '"' <"$1/package/dist/villages.csv" | grep "^$2" | cut -d, -f2 | sed 's/村*村民委员会$//; s/村*村委会$//; s/社区居.*$//' | sort -u; }
for version in 2.5.0 2.6.1; do
  echo "china-division $version:"
  towns "$version"
done
echo "villages of 130205102 in 2.5.0 that stand under 130205102, 130205104 in 2.6.1:"
villages 2.5.0 130205102 >old
kept=$(comm -12 old <(villages 2.6.1 130205102) | wc -l)
moved=$(comm -12 old <(villages 2.6.1 130205104) | wc -l)
echo "$kept, $moved of $(wc -l <old)"
before=$(towns 2.5.0 | tr '\n' ' ')
after=$(towns 2.6.1 | tr '\n' ' ')
[[ $before == "130205102,郑庄子镇 130205104,洼里镇 130205105,越河镇 " ]] || { echo "changed: $before"; exit 1; }
[[ $after == "130205102,越河镇 130205104,郑庄子镇 130205105,洼里镇 " ]] || { echo "changed: $after"; exit 1; }
((moved > 10 && kept == 0)) || { echo "changed: villages"; exit 1; }
