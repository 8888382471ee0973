using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>
/// Texts of rules with words of a pull request put in. Pure, and data only: branches and names are written by strangers, so
/// whatever they hold beside letters, digits and <c>. _ - /</c> becomes <c>-</c>. In values, words are put into strings that
/// are there and nowhere else, and no string is read as YAML afterwards.
/// </summary>
internal sealed partial class TemplateText(PullRequestRow pull)
{
    private readonly Dictionary<string, string> _words = new()
    {
        ["number"] = pull.Number.ToString(CultureInfo.InvariantCulture),
        ["repo"] = Plain(pull.Repository[(pull.Repository.LastIndexOf('/') + 1)..]),
        ["owner"] = Plain(pull.Repository[..Math.Max(0, pull.Repository.LastIndexOf('/'))]),
        ["provider"] = pull.Provider,
        ["branch"] = Plain(pull.HeadBranch),
        ["author"] = Plain(pull.Author ?? "unknown"),
        ["sha"] = Plain(pull.HeadSha),
    };

    /// <summary>What is no word of ours stays as it is: values may be templates of somebody else's.</summary>
    public string Fill(string template) =>
        Placeholder.Replace(template, match => _words.GetValueOrDefault(match.Groups["word"].Value, match.Value));

    public JsonObject Fill(JsonObject values)
    {
        JsonObject filled = [];
        foreach (var (name, value) in values)
        {
            filled[name] = Fill(value);
        }

        return filled;
    }

    /// <summary>As a value of a label: cut, and without what may not stand at its ends.</summary>
    public string FillLabel(string template) => LabelValue(Fill(template));

    public static string LabelValue(string text)
    {
        var plain = string.Concat(
            text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-').Take(MaxLabel)
        );
        return plain.Trim('-', '_', '.');
    }

    private const int MaxLabel = 63;

    private JsonNode? Fill(JsonNode? value) =>
        value switch
        {
            JsonObject map => Fill(map),
            JsonArray list => new JsonArray([.. list.Select(Fill)]),
            JsonValue text when text.GetValueKind() == JsonValueKind.String => Fill(text.GetValue<string>()),
            _ => value?.DeepClone(),
        };

    private static string Plain(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' ? c : '-'));

    [GeneratedRegex(@"\{(?<word>[a-z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder { get; }
}
