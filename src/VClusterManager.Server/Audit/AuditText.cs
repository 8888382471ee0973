using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>Text from outside as the audit keeps it: short, on one line, and as any database takes it. Pure.</summary>
internal static class AuditText
{
    public static string? Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        var cut = text.Length <= AuditRow.MaxText ? text : text[..AuditRow.MaxText];
        var clean = StorableText.Clean(cut);
        return clean.Any(char.IsControl) ? string.Concat(clean.Select(c => char.IsControl(c) ? ' ' : c)) : clean;
    }
}
