/** /etc/bash.bashrc: what Debian has every interactive bash do. */
export const bashBashrc = `# System-wide settings of interactive bash shells.
[ -z "$PS1" ] && return
shopt -s checkwinsize

# A hint which package brings a command that is not there.
command_not_found_handle() {
    printf '%s: %s: command not found\\n' "$0" "$1" >&2
    if [ -x /usr/lib/command-not-found ]; then
        /usr/lib/command-not-found --no-failure-msg -- "$1"
    fi
    return 127
}
`;

/**
 * /usr/share/bash-completion/bash_completion: the functions that completion scripts of programs ask for, ours and no
 * more than those scripts use. Completion of the common programs is in the line editor itself.
 */
export const bashCompletion = `# Functions for completion scripts.

# The words of the line, with those characters no breaks that -n names; sets cur, prev, words, cword.
_get_comp_words_by_ref() {
    local exclude= rest=\${COMP_LINE:0:COMP_POINT} piece i OPTIND=1 flag
    while getopts 'n:c:p:w:i:' flag; do
        [[ $flag == n ]] && exclude=$OPTARG
    done
    words=()
    cword=0
    for ((i = 0; i < \${#COMP_WORDS[@]}; i++)); do
        piece=\${COMP_WORDS[i]}
        if ((i > 0)) && [[ -n $rest && $rest != [[:space:]]* && -n $exclude ]] &&
            [[ \${piece:0:1} == [$exclude] || \${words[-1]: -1} == [$exclude] ]]; then
            words[-1]+=$piece
        else
            rest=\${rest#"\${rest%%[![:space:]]*}"}
            words+=("$piece")
        fi
        rest=\${rest#"$piece"}
        ((i == COMP_CWORD)) && cword=$((\${#words[@]} - 1))
    done
    cur=\${words[cword]}
    prev=
    ((cword > 0)) && prev=\${words[cword - 1]}
    return 0
}

_init_completion() {
    local exclude=() OPTIND=1 flag
    while getopts 'n:e:o:i:s' flag; do
        [[ $flag == n ]] && exclude=(-n "$OPTARG")
    done
    COMPREPLY=()
    _get_comp_words_by_ref "\${exclude[@]}"
}

# Readline replaces only what is behind the last colon.
__ltrim_colon_completions() {
    if [[ $1 == *:* && $COMP_WORDBREAKS == *:* ]]; then
        local before=\${1%"\${1##*:}"} i
        for i in "\${!COMPREPLY[@]}"; do
            COMPREPLY[i]=\${COMPREPLY[i]#"$before"}
        done
    fi
}

# Files (with an argument those with this ending) and directories; -d: directories only.
_filedir() {
    local path
    compopt -o filenames 2>/dev/null
    while IFS= read -r path; do
        if [[ -d $path || $1 != -d && ( -z $1 || $path == *.$1 ) ]]; then
            COMPREPLY+=("$path")
        fi
    done < <(compgen -f -- "$cur")
}
`;
