using System.Text.RegularExpressions;

namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>Takes out of an answer what is new every time.</summary>
internal static partial class Sameness
{
    public static string Of(string text)
    {
        text = Uuid().Replace(text, "UID");
        text = Version().Replace(text, "${before}RV\"");
        text = Times().Replace(text, "TIME");
        text = Ages().Replace(text, "\"AGE\"");
        text = Certificates().Replace(text, "CERTIFICATE");
        text = Continue().Replace(text, "${before}TOKEN\"");
        text = Tokens().Replace(text, "${before}TOKEN\"");
        text = Address().Replace(text, "\"ADDRESS\"");
        text = Generated().Replace(text, "${before}-GENERATED");
        text = EventName().Replace(text, "${before}.STAMP");
        return text.Replace("fakekubelet", "kubelet", StringComparison.Ordinal)
            .Replace("fake-0", "sandbox-0", StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Uuid();

    [GeneratedRegex("(?<before>\"resourceVersion\": ?\")[0-9]+\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();

    [GeneratedRegex("\"\\d+s\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ages();

    [GeneratedRegex(
        @"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\\n",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Certificates();

    [GeneratedRegex("(?<before>\"continue\": \")[^\"]+\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Continue();

    [GeneratedRegex("(?<before>\"token\": \")[^\"]+\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tokens();

    [GeneratedRegex("\"\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"\b(?<before>g|web|kube-api-access)-(?:[a-z0-9]{5}|[a-z0-9]{8,10})\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Generated();

    [GeneratedRegex(@"(?<before>web-0|web)\.[0-9a-f]{16}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventName();
}
