/**
 * What makes each shell complete. They ask the program for the words that could stand there, a line
 * each with a tab before what they mean; `:file` stands for the names of files.
 */
export const COMPLETION_SCRIPTS = {
  bash: `# Completion of mirrorbits for bash
_mirrorbits() {
  local line="\${COMP_LINE:0:COMP_POINT}" candidate
  local -a words
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ "$candidate" == ":file" ]]; then
      COMPREPLY=($(compgen -f -- "\${words[-1]}"))
      compopt -o filenames
      return
    fi
    [[ "$candidate" == *= ]] && compopt -o nospace
    COMPREPLY+=("$candidate")
  done < <(mirrorbits completion words -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _mirrorbits mirrorbits
`,
  zsh: `#compdef mirrorbits
# Completion of mirrorbits for zsh
_mirrorbits() {
  local line
  local -a candidates
  while IFS= read -r line; do
    if [[ "$line" == ":file"* ]]; then
      _files
      return
    fi
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(mirrorbits completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe mirrorbits candidates
}
compdef _mirrorbits mirrorbits
`,
  fish: `# Completion of mirrorbits for fish
function __mirrorbits_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    for line in (mirrorbits completion words -- $words[2..-1] "$last" 2>/dev/null)
        if string match -q ":file*" -- $line
            __fish_complete_path "$last"
        else
            echo $line
        end
    end
end
complete -c mirrorbits -f -a "(__mirrorbits_complete)"
`,
} as const;
