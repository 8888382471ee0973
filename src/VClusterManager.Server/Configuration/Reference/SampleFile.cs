using System.Text;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Reference;

/// <summary>
/// The file that operators begin with: every key explained, and commented out with its default. A line that begins with
/// "# " is prose; a key is commented out by a bare "#".
/// </summary>
internal static class SampleFile
{
    private const int Width = 100;

    private const string Head = """
        # yaml-language-server: $schema=config.schema.json
        #
        # The configuration of vCluster Manager. Every key is here, commented out, with its default: take away the "#" in
        # front of what you want to change. Each key can be set by the variable that is named with it as well; the
        # environment beats this file, and this file beats the defaults. Relative paths count from this file's folder.
        #
        # Check it with: vcluster-manager check-config config.yaml

        """;

    public static string Write()
    {
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        foreach (var section in KeyTable.Sections)
        {
            var depth = section.Path.Count(c => c == '.');
            var indent = new string(' ', 2 * depth);
            text.Append('\n');
            Prose(text, indent, section.Doc);
            text.Append(indent).Append(section.Path.Split('.')[^1]).Append(":\n");
            foreach (var key in section.Keys)
            {
                Append(text, indent + "  ", key);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string indent, Key key)
    {
        text.Append('\n');
        Prose(text, indent, key.Doc);
        Prose(text, indent, Facts(key));
        var value = key.DefaultNode is { } node ? RawJson.Convert(node, _ => { }) : null;
        foreach (var line in YamlText.Entry(key.Name, key.SampleDefault ?? value))
        {
            text.Append(indent).Append('#').Append(line).Append('\n');
        }
    }

    private static string Facts(Key key)
    {
        var unset = key.Default is null ? $" Unset: {key.DefaultWords}." : "";
        return $"Value: {key.Type.Words}.{unset} Variable: {key.Variable}";
    }

    private static void Prose(StringBuilder text, string indent, string prose)
    {
        var line = indent + "#";
        foreach (var word in prose.Replace("`", "", StringComparison.Ordinal).Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = indent + "#";
            }

            line += " " + word;
        }

        text.Append(line).Append('\n');
    }
}
