/** What comes for the name of the program. */
const PROGRAM = /%PROGRAM%/g;

/**
 * Asks the program itself what may follow, over cobra's protocol: `program __complete word… ''` answers a line for each
 * thing that fits, with a tab before its description, and last a colon and how to take them.
 */
const script = `# bash completion for %PROGRAM%

# Puts together again what bash took apart at = and : (COMP_WORDBREAKS).
__%PROGRAM%_words() {
    local rest=\${COMP_LINE:0:COMP_POINT} piece i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=\${COMP_WORDS[i]}
        if ((i > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
            words[\${#words[@]}-1]+=$piece
        else
            rest=\${rest#"\${rest%%[![:space:]]*}"}
            words+=("$piece")
        fi
        rest=\${rest#"$piece"}
    done
}

# Files and directories; with arguments only files with these endings.
__%PROGRAM%_files() {
    local path ending
    compopt -o filenames
    while IFS= read -r path; do
        [[ -d $path ]] && COMPREPLY+=("$path") && continue
        for ending; do
            [[ $path == *."$ending" ]] && COMPREPLY+=("$path") && break
        done
    done < <(compgen -f -- "$cur")
}

# One word as it is; of several each with its description, if a person looks at them.
__%PROGRAM%_reply() {
    local line longest=0 described=0
    for line in "\${found[@]}"; do
        [[ $line == *$'\\t'* ]] && described=1
        line=\${line%%$'\\t'*}
        ((\${#line} > longest)) && longest=\${#line}
    done
    ((\${#found[@]} == 1 || COMP_TYPE == 37 || COMP_TYPE == 42)) && described=0
    for line in "\${found[@]}"; do
        if ((described)) && [[ $line == *$'\\t'* ]]; then
            printf -v line '%-*s  (%s)' "$longest" "\${line%%$'\\t'*}" "\${line#*$'\\t'}"
            ((\${#line} > \${COLUMNS:-80})) && line=\${line:0:\${COLUMNS:-80}-3}'…)'
        else
            line=\${line%%$'\\t'*}
        fi
        COMPREPLY+=("$line")
    done
}

__start_%PROGRAM%() {
    local words cur asked answer line lines=() found=() directive=1 i before
    COMPREPLY=()
    __%PROGRAM%_words
    cur=\${words[\${#words[@]}-1]}
    asked="\${words[0]} __complete \${words[*]:1}"
    [[ -z $cur ]] && asked+=" ''"
    answer=$(eval "$asked" 2>/dev/null) || return
    while IFS= read -r line; do
        case $line in
            :[0-9]*) directive=\${line#:} ;;
            _activeHelp_*) ;;
            ?*) lines+=("$line") ;;
        esac
    done <<< "$answer"
    ((directive & 1)) && return
    ((directive & 2)) && compopt -o nospace
    ((directive & 4)) && compopt +o default
    ((directive & 32)) && compopt -o nosort
    # Of --flag=value the value is completed.
    [[ $cur == -*=* ]] && cur=\${cur#*=}
    if ((directive & 8)); then
        __%PROGRAM%_files "\${lines[@]}"
        return
    elif ((directive & 16)); then
        __%PROGRAM%_files
        return
    fi
    for line in "\${lines[@]}"; do
        [[ $line == "$cur"* ]] && found+=("$line")
    done
    __%PROGRAM%_reply
    # What stands before a colon or @ is not replaced.
    if [[ $cur == *[:@=]* ]]; then
        before=\${cur%"\${cur##*[:@=]}"}
        for i in "\${!COMPREPLY[@]}"; do
            COMPREPLY[i]=\${COMPREPLY[i]#"$before"}
        done
    fi
}

complete -o default -F __start_%PROGRAM% %PROGRAM%
`;

/** The script that `program completion bash` prints. */
export const bashCompletion = (program: string): string => script.replace(PROGRAM, program);
