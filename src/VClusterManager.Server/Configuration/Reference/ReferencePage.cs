using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Reference;

/// <summary>The page of documentation with every key.</summary>
internal static class ReferencePage
{
    private const string Head = """
        # Configuration

        <!-- Written by `vcluster-manager config-reference` from the table of keys in the code: do not edit it here. -->

        ## Where it comes from

        `CONFIG_PATH` names a YAML file; without it, that is `config/config.yaml` beside the program. A file that is named
        but missing stops the start; the one beside the program may be missing. The environment beats the file, and the file
        beats the defaults. Every key has a variable: those in the tables below, and `VCM__SECTION__KEY` for all of them. An
        empty variable counts as unset, and so does a key without a value.

        - **Maps merge** entry by entry over the default and over what the file says; an entry that is null is taken away. A
          variable sets a whole map as JSON or YAML (`VCM__VCLUSTER__VERSIONS='{"1.36": v1.36.0}'`) or an entry of it
          (`VCM__AUTH__API_KEYS__CI=...`, `VCM__VCLUSTER__VALUES__controlPlane__coredns__enabled=false`). An entry that exists
          is recognised by its letters and digits whatever their case; a new one is taken as it is written, or in small
          letters when it is all capitals.
        - **Lists are replaced.** In a variable, commas stand between their entries.
        - **Relative paths** in the file count from the file's folder; in variables and in the defaults they count from the
          working directory. A leading `~/` is the home directory.
        - **Durations** are written `90s`, `3m`, `1h30m`, `2d`.
        - Anchors, aliases, merge keys and tags of YAML are not supported. A key that is given twice is an error.

        An unknown key, a wrong type or a value out of bounds stops the start with every error at once, each with the file
        and line, the key and its variable. To see them without starting anything:

        ```sh
        vcluster-manager check-config config/config.yaml
        ```

        It exits with 0 when all is well, with 1 when something is wrong, and with 2 when it was called wrongly.

        `config/config.yaml` has every key with its default, commented out; `config/config.schema.json` tells editors about
        them. This page and both files are derived from the code. After a change there, write them anew:

        ```sh
        dotnet run --project src/VClusterManager.Server -- config-reference .
        ```

        """;

    public static string Write()
    {
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        foreach (var section in KeyTable.Sections)
        {
            text.Append("\n## ").Append(section.Path).Append("\n\n").Append(section.Doc).Append("\n\n");
            if (section.Keys.Count > 0)
            {
                text.Append("| key | variable | default | what it does |\n|---|---|---|---|\n");
            }

            foreach (var key in section.Keys)
            {
                text.Append(Row(key));
            }

            foreach (var key in section.Keys.Where(k => DefaultOf(k) is { Long: true }))
            {
                text.Append("\nThe default of `").Append(key.Path).Append("`:\n\n```yaml\n");
                text.AppendJoin('\n', YamlText.Entry(key.Name, DefaultOf(key).Value)).Append("\n```\n");
            }
        }

        return text.ToString();
    }

    private static string Row(Key key)
    {
        var (value, isLong) = DefaultOf(key);
        var shown =
            key.Default is null ? key.DefaultWords
            : isLong ? "see below"
            : $"`{YamlText.Inline(value)}`";
        var doc = $"{key.Doc} Value: {key.Type.Words}.".Replace("|", "\\|", StringComparison.Ordinal);
        return $"| `{key.Name}` | `{key.Variable}` | {shown} | {doc} |\n";
    }

    private static (JsonNode? Value, bool Long) DefaultOf(Key key)
    {
        var value = key.DefaultNode is { } node ? RawJson.Convert(node, _ => { }) : null;
        return (value, value is JsonObject { Count: > 0 } or JsonArray { Count: > 3 });
    }
}
